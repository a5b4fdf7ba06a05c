#!/usr/bin/env bash
# Runs every test. On a fresh Debian or Ubuntu machine with the .NET 10 SDK and Node 20 it first installs what the tests
# need from the system's packages, and says so. The last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
mkdir -p artifacts

need() { # need PACKAGE PATH-PATTERN: installs the package where nothing matches the pattern
  compgen -G "$2" >/dev/null && return 0
  wanted="${wanted:-} $1"
}
wanted=""
need postgresql '/usr/lib/postgresql/*/bin/initdb'
need chromium-headless-shell '/usr/bin/chromium-headless-shell'
need fonts-noto-cjk '/usr/share/fonts/opentype/noto/NotoSansCJK*'
if [ -n "$wanted" ]; then
  echo "Installing from the system's packages:$wanted"
  root=""; [ "$(id -u)" = 0 ] || root="sudo"
  $root apt-get update -qq >artifacts/install.log 2>&1
  # A system that has no shell of its own for it tests with the whole program.
  apt-cache show chromium-headless-shell >/dev/null 2>&1 || wanted="${wanted/chromium-headless-shell/chromium}"
  { $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $wanted; } >>artifacts/install.log 2>&1 \
    || echo "Not all of them could be installed (artifacts/install.log); tests that need them will say so."
fi

locked=""; [ "${CI:-}" = true ] && locked="--locked-mode"
if ! dotnet restore CivilAffairs.sln $locked -v q || ! dotnet build CivilAffairs.sln --no-restore -v q -nologo; then
  echo "The build failed; no test ran."
  echo "0 passed, 1 failed"
  exit 1
fi

passed=0; failed=0; skipped=0; broken=0; names=""
for project in tests/CivilAffairs.Tests tests/CivilAffairs.Trials; do
  name=$(basename "$project")
  rm -rf "artifacts/$name.trx" "artifacts/$name"
  mkdir "artifacts/$name"
  DOTNET_EnableCrashReportOnly=1 DOTNET_DbgEnableMiniDump=1 DOTNET_DbgMiniDumpName="$PWD/artifacts/$name/%p" \
    dotnet test "$project" --no-build -v q --nologo --blame --results-directory "artifacts/$name" --logger "trx;LogFileName=$PWD/artifacts/$name.trx" \
    --logger "console;verbosity=minimal" >"artifacts/$name.log" 2>&1
  code=$?
  counters=$(grep -o '<Counters [^>]*>' "artifacts/$name.trx" 2>/dev/null)
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  if [ -z "$counters" ]; then
    # A project without a test leaves no result; anything else without one has crashed.
    if [ $code -ne 0 ] || ! grep -q "No test is available" "artifacts/$name.log"; then broken=1; tail -40 "artifacts/$name.log"; fi
    continue
  fi
  # A host that crashed counts what it had done until then. Where it was, and how the machine stood, is all that is known of why.
  if grep -q "^Test Run Aborted" "artifacts/$name.log"; then
    broken=1
    grep -A40 -m1 "Unhandled exception\|Fatal error\|Stack overflow\|^Test Run Aborted" "artifacts/$name.log" | cut -c1-300
    for report in "artifacts/$name"/*.crashreport.json; do
      [ -e "$report" ] && awk '/"crashed": *"/ { on = /true/ } on && /"(method_name|unmanaged_name|managed_exception_type)"/' "$report" | head -60
    done
    find "artifacts/$name" -name 'Sequence*.xml' -exec grep -h 'Completed="False"' {} + 2>/dev/null | cut -c1-300 | tail -20
    free -m; df -h .
  fi
  p=$(count passed); f=$(count failed); e=$(count error); t=$(count total); x=$(count executed)
  passed=$((passed + p)); failed=$((failed + f + e)); skipped=$((skipped + t - x))
  # What failed, with its message and where in our own code; the names once more at the end: who reads it later has no more than this.
  [ $code -eq 0 ] || {
    broken=1; names+=$(grep '^  Failed ' "artifacts/$name.log" | cut -c1-220 | head -60)$'\n'
    awk '/^  Failed /{on=1; n=0} /^(\[xUnit|Results File|Failed!)/{on=0} on && !/ at (System|Xunit|Microsoft)\.|^--- End of stack/ && n++ < 14' "artifacts/$name.log" | cut -c1-400 | head -200
  }
done
[ $failed -eq 0 ] && [ $broken -ne 0 ] && failed=1
[ -n "$names" ] && printf 'Failed:\n%s' "$names"
line="$passed passed, $failed failed"; [ $skipped -gt 0 ] && line="$line, $skipped skipped"
echo "$line"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
