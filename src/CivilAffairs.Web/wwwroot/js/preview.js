// What is being designed is brought into sight inside its frame only: a fragment in the address would scroll the editor's page as well.
const shown = document.getElementById(new URLSearchParams(location.search).get("to"));
if (shown) document.scrollingElement.scrollTop += shown.getBoundingClientRect().top - 16;
