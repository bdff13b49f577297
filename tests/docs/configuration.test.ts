import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findSettingsFile } from '../../src/config/read-config.js';
import { settingsFolder } from '../support/cleanup.js';
import { projectFile, snippetsOf } from '../support/documentation.js';

const DOCUMENT = projectFile('docs/configuration.md');

/** The values of the page's file in this language. */
async function valuesIn(language: string) {
  const code = snippetsOf(DOCUMENT).find((snippet) => snippet.language === language)?.code as string;
  const folder = settingsFolder({ [`s.${language}`]: code });
  return (await findSettingsFile({ config: join(folder, `s.${language}`) }, {}))?.values;
}

test('both examples of a settings file say the same', async () => {
  const values = await valuesIn('yaml');
  expect(Object.keys(values ?? {}).length).toBeGreaterThan(5);
  expect(await valuesIn('json')).toEqual(values);
});
