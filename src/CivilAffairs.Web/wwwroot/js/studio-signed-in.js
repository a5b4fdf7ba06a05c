// Tells the window that lost its session, and goes.
new BroadcastChannel("civilaffairs-studio").postMessage("signed-in");
window.close();
