# What docs/deployment.md does with the image, with a layer "image" in its place. Needs USER_NAME, PORT and the functions of
# container.sh; run, health and begin are the image's entry point, health check and command.
run() { contained image "$USER_NAME" "${ENTRYPOINT[@]}" "$@"; }
health() { contained image "$USER_NAME" "${HEALTHCHECK[@]}"; }

echo '== nothing can be written but the data'
if contained image "$USER_NAME" touch /app/x /usr/x /x 2>/dev/null; then fail 'the tree can be written'; fi
contained image "$USER_NAME" touch /data/x
contained image "$USER_NAME" rm /data/x
[ "$(contained image "$USER_NAME" id -u)" -gt 0 ] || fail 'it runs as root'

echo '== without a key it does not start, and is not healthy'
if run "${COMMAND[@]}" 2>"$SCRATCH/refusal"; then fail 'it started without a key'; fi
grep -q 'spoolite keys create' "$SCRATCH/refusal" || fail "it said: $(cat "$SCRATCH/refusal")"
if health; then fail 'nothing is there, and it is healthy'; fi

echo '== with a key it starts, and becomes healthy'
SPOOLITE_KEY=$(run keys create --name admin --scopes admin)
export SPOOLITE_KEY
EXEC=exec run "${COMMAND[@]}" &
server=$!
for _ in $(seq 300); do
  if health; then break; fi
  kill -0 "$server" || fail 'the server has ended'
  sleep 0.1
done
health || fail 'it is not healthy'

echo '== a worker beside it does what is enqueued'
EXEC=exec run work --handlers ./examples/handlers.js &
worker=$!
url="http://127.0.0.1:$PORT"
id=$(run enqueue countdown '{"seconds":1}' --url "$url" | sed 's/.*"task_id":\([0-9]*\).*/\1/')
run wait "$id" --timeout 60 --url "$url" | grep '"status":"completed"' >/dev/null || fail 'the task was not completed'

echo '== both end in good order when they are told to'
kill -TERM "$server" "$worker"
wait "$server" || fail "the server ended with $?"
wait "$worker" || fail "the worker ended with $?"
if health; then fail 'it has ended, and is healthy'; fi
