import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Has VS Code’s server speak a language, as an installed language pack would. The pack is empty, because VS
 * Code’s own can’t be had without its gallery: the workbench stays English, and what extensions say is in the
 * language.
 *
 * @param userData of a server that has not been started yet
 * @param language for example `fr`
 */
export async function speak(userData: string, language: string): Promise<void> {
  const translations = join(userData, `${language}.i18n.json`);
  const pack = {
    hash: language,
    label: language,
    extensions: [{ extensionIdentifier: { id: `empty.${language}` }, version: '1.0.0' }],
    translations: { vscode: translations },
  };
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(translations, JSON.stringify({ contents: {} }));
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
  await writeFile(join(userData, 'User/argv.json'), JSON.stringify({ locale: language }));
}
