import { messageText } from '../domain/message-text.js';

/**
 * Text of what `read` gives, which may be anything that a handler throws or logs: storable, and not too long. Empty
 * for what has no text, such as an object without a prototype.
 */
export function storableText(read: () => unknown): string {
  try {
    return messageText(String(read()));
  } catch {
    return '';
  }
}
