import type { ContenderKind } from './contender.js';
import { PeerFolder } from './peer-folder.js';

export const plainjob: ContenderKind = {
  name: 'plainjob',
  settings:
    'synchronous=NORMAL, which it sets itself: a power cut may lose the last jobs; looks for jobs once a second',
  async start(bench) {
    const folder = new PeerFolder('plainjob');
    folder.install(bench);
    return [
      {
        name: 'plainjob',
        newPlace: () => bench.newDatabase(),
        child: () => folder.child(bench),
        stop: async () => undefined,
      },
    ];
  },
};
