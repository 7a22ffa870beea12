# Shared by the scripts of this folder; sourced, never run.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# build_dir DIR [meson options…]: set up (or keep) a build directory and build it.
build_dir() {
	_dir=$1
	shift
	_log=$_dir.log
	if [ ! -f "$_dir/build.ninja" ]; then
		rm -rf "$_dir"
		meson setup "$_dir" "$@" >"$_log" 2>&1 || { cat "$_log" >&2; die "cannot set up $_dir"; }
	fi
	ninja -C "$_dir" >"$_log" 2>&1 || { tail -n 60 "$_log" >&2; die "cannot build $_dir"; }
}
