# What bare-machine and container share: a bare Debian in a folder, made by debootstrap, and commands that run in it. Its
# mirror, pip's settings, proxies and certificates are those of the machine that it is made on. $folder is where it lies.

suite=bookworm
machine=$folder/machine

# However the script ends: what runs in the machine ends first, with its mounts, and then the folder goes. unshare waits for
# its command whatever signal it gets, so the command is killed: it is the first of its processes, and takes all with it.
end_machine() {
  trap '' INT TERM HUP
  local running
  for running in "$folder"/running.*; do
    [ -e "$running" ] || continue
    pkill -KILL -P "${running##*.}" || kill -KILL "${running##*.}" 2>/dev/null || true
    timeout 60 tail --pid="${running##*.}" -f /dev/null || true
  done
  rm -rf --one-file-system "$folder"
}
trap end_machine EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command with processes and mounts of its own, which are gone when it ends. The shell waits for it in a way that
# signals interrupt.
contained() {
  unshare --mount --pid --fork --kill-child "$@" <&0 &
  local pid=$! result=0
  : >"$folder/running.$pid"
  wait "$pid" || result=$?
  rm "$folder/running.$pid"
  return "$result"
}

give_up() {
  echo "$1" >&2
  exit 2
}

can_be_made() {
  [ "$(id -u)" = 0 ] || give_up "only root can make such a machine"
  command -v debootstrap >/dev/null || give_up "debootstrap is missing: apt-get install debootstrap"
}

make_machine() {
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $suite" | head -n 1)
  contained debootstrap --variant=minbase "$suite" "$machine" "$mirror"
  apt-get indextargets --format 'deb $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    sort -u >"$machine/etc/apt/sources.list"
  apt-config dump Acquire >"$machine/etc/apt/apt.conf.d/90host"
  printf '#!/bin/sh\nexit 101\n' >"$machine/usr/sbin/policy-rc.d" # no package starts a service: ports are shared
  chmod +x "$machine/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf /etc/hosts "$machine/etc"
  mapfile -t settings < <(settings_of_this_machine)
  for n in "${!settings[@]}"; do
    name=${settings[n]%%=*}
    case $name in
      *CERT | *CERT_FILE | *CA_BUNDLE)
        install -D -m 644 "${settings[n]#*=}" "$machine/certificates/$name"
        settings[n]=$name=/certificates/$name
        ;;
    esac
  done
  inside root / apt-get -qq update
}

# Lines NAME=value that reach the same mirrors and registries; what lies on this machine's disk is left out.
settings_of_this_machine() {
  env | grep -iE '^(https?_proxy|no_proxy|ssl_cert_file|requests_ca_bundle|pytest_addopts)=' || true
  python3 -m pip config list | while IFS='=' read -r key value; do
    name=${key##*.}
    case $name in
      cert | index-url | extra-index-url | proxy | trusted-host | timeout | default-timeout) ;;
      *) continue ;;
    esac
    value=$(tr -d "'" <<<"$value" | tr ' ' '\n' | sed '/^file:/d' | paste -sd ' ')
    name=${name^^}
    [ -z "$value" ] || echo "PIP_${name//-/_}=$value"
  done | sort -u
}

# Runs a command there as a user, in a folder. When it ends, its processes and mounts are gone with their namespaces. The
# shell stays as the first process, which collects those whose parents have ended. With writable=/FOLDER nothing but that
# folder and /tmp can be written.
inside() {
  local user=$1 at=$2
  local home=/home/$user
  shift 2
  [ "$user" = root ] && home=/root
  # shellcheck disable=SC2016 # that shell's own words
  writable=${writable:-} contained bash -euc '
    machine=$1 user=$2
    mount --bind "$machine" "$machine"
    if [ -n "$writable" ]; then
      mount --bind "$machine$writable" "$machine$writable"
      mount -o remount,ro,bind "$machine"
      mount -t tmpfs -o mode=1777 tmpfs "$machine/tmp"
    fi
    mount -t proc proc "$machine/proc"
    mount --rbind /dev "$machine/dev"
    mount --rbind /sys "$machine/sys"
    [ -z "$writable" ] || mount -o remount,ro,bind "$machine/dev/shm" 2>/dev/null || true
    cd "$machine"
    pivot_root . . # chroot would take from the tests the right to make namespaces of their own
    umount --lazy .
    chroot --userspec="$user:$user" --groups= / env -i "${@:3}" &
    wait $!' inside "$machine" "$user" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" "${settings[@]}" \
    bash -euc 'cd "$1"; shift; exec env "$@"' inside "$at" "$@"
}
