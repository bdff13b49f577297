let second = Number.NaN;
let text = '';

/** The current time as a `Date` header has it; a text is made once a second. */
export function httpDate(): string {
  const now = Date.now();
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    text = new Date(now).toUTCString();
  }
  return text;
}
