import { Fragment } from 'react';

/** A name that may break where its words end, as `video_processing` or `mail.welcome` may. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[_\-./:])/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have nothing else
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
