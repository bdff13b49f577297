# What check-image.js does a Dockerfile's steps with: a file system over that of this machine, whose changes go to a folder
# of their own. To be sourced by a shell in mount and process namespaces of its own.
set -eu

# layer NAME: makes "$SCRATCH/NAME/root", which is this machine's file system until something is written to it.
layer() {
  mkdir -p "$SCRATCH/$1/changes" "$SCRATCH/$1/work" "$SCRATCH/$1/root"
  mount -t overlay overlay -o "lowerdir=/,upperdir=$SCRATCH/$1/changes,workdir=$SCRATCH/$1/work" "$SCRATCH/$1/root"
  mount --rbind /dev "$SCRATCH/$1/root/dev"
  mount -t proc proc "$SCRATCH/$1/root/proc"
  # Where these are mounts of their own the layer does not have them.
  cp /etc/resolv.conf /etc/hosts "$SCRATCH/$1/root/etc/"
  # The images of node have this user.
  if ! grep -q '^node:' "$SCRATCH/$1/root/etc/passwd"; then
    echo 'node:x:1000:1000::/home/node:/bin/bash' >>"$SCRATCH/$1/root/etc/passwd"
    echo 'node:x:1000:' >>"$SCRATCH/$1/root/etc/group"
  fi
}

# within NAME FOLDER COMMAND...: runs it there as root, as the steps of a build are. With EXEC=exec it takes this shell's place,
# so that signals to a shell in the background reach it.
within() {
  layer=$1 folder=$2
  shift 2
  ${EXEC-} chroot "$SCRATCH/$layer/root" sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
}

# seal NAME: from now on nothing can be written but /data, the volume, and /tmp.
seal() {
  mkdir -p "$SCRATCH/volume"
  cp -a "$SCRATCH/$1/root/data/." "$SCRATCH/volume"
  chown --reference="$SCRATCH/$1/root/data" "$SCRATCH/volume"
  chmod --reference="$SCRATCH/$1/root/data" "$SCRATCH/volume"
  mount -o remount,ro "$SCRATCH/$1/root"
  mount --bind "$SCRATCH/volume" "$SCRATCH/$1/root/data"
  mount -t tmpfs tmpfs "$SCRATCH/$1/root/tmp"
}

# contained NAME USER COMMAND...: runs it in /app as that user, who can get no more rights than he has.
contained() {
  layer=$1 user=$2
  shift 2
  within "$layer" /app setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all "$@"
}

fail() {
  echo "check-image: $*" >&2
  exit 1
}
