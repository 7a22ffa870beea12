# Shared by the scripts of this folder; sourced, never run.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# setup_dir DIR [meson options…]: set up a build directory unless it is there.
setup_dir() {
	_dir=$1
	shift
	[ -f "$_dir/build.ninja" ] && return
	rm -rf "$_dir"
	meson setup "$_dir" "$@" >"$_dir.log" 2>&1 || { cat "$_dir.log" >&2; die "cannot set up $_dir"; }
}

# build DIR [TARGET…]: build all, or these.
build() {
	_dir=$1
	shift
	ninja -C "$_dir" "$@" >"$_dir.log" 2>&1 || { tail -n 60 "$_dir.log" >&2; die "cannot build $_dir"; }
}
