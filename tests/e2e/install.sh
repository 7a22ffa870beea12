#!/bin/sh
# meson install puts each thing where the system looks for it.
set -eu
cd "$(dirname "$0")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
DESTDIR=$root meson install -C "${STOA_BUILD:-build}" --no-rebuild >/dev/null
prefix=$root/usr/local
for file in bin/stoa bin/stoa-demo-server share/stoa/themes/harbour.theme share/man/man1/stoa.1 \
	share/man/man5/stoa-config.5 share/man/man7/stoa-query.7 \
	share/bash-completion/completions/stoa share/zsh/site-functions/_stoa \
	share/fish/vendor_completions.d/stoa.fish; do
	[ -s "$prefix/$file" ] || { echo "missing: $file"; exit 1; }
done
"$prefix/bin/stoa" --version
for page in man1/stoa.1 man5/stoa-config.5 man7/stoa-query.7; do
	said=$(MANROFFOPT=-ww man --warnings -l "$prefix/share/man/$page" 2>&1 >/dev/null)
	[ -z "$said" ] || { echo "$page: $said"; exit 1; }
done
bash -n "$prefix/share/bash-completion/completions/stoa"
# Hardened: position independent, everything bound at start, no executable stack, no shell.
readelf -h "$prefix/bin/stoa" | grep -q 'DYN' || { echo "not position independent"; exit 1; }
readelf -d "$prefix/bin/stoa" | grep -Eq 'BIND_NOW|NOW' || { echo "not bound at start"; exit 1; }
readelf -lW "$prefix/bin/stoa" | grep -q GNU_RELRO || { echo "no RELRO"; exit 1; }
readelf -lW "$prefix/bin/stoa" | awk '/GNU_STACK/ && /E/ && $7 ~ /E/ { exit 1 }' || { echo "executable stack"; exit 1; }
for symbol in system popen strcpy sprintf gets; do
	if nm -D -u "$prefix/bin/stoa" | grep -Eq " $symbol(@|\$)"; then echo "uses $symbol"; exit 1; fi
done
