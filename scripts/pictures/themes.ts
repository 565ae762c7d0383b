import { setTimeout as sleep } from 'node:timers/promises';
import type { EditorWindow } from '../../test/e2e/window.ts';

/** VS Code’s own themes besides the light one that all other pictures have. */
const themes = {
  dark: 'Dark 2026',
  'high-contrast': 'Dark High Contrast',
};

/** The window as it is, in every theme. Ends in the last one. */
export async function picturesInThemes(
  { workbench }: EditorWindow,
  media: (name: string) => string,
): Promise<void> {
  const { page } = workbench;
  for (const [name, theme] of Object.entries(themes)) {
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input').first();
    await input.fill('>Preferences: Color Theme');
    await page
      .getByRole('option', { name: /Preferences: Color Theme/ })
      .first()
      .click();
    await sleep(1000); // the list of themes takes the place of the commands
    await page.keyboard.type(theme);
    await sleep(1000); // a theme is tried on while it is looked for
    await page.keyboard.press('Enter');
    await page.mouse.move(200, 18);
    await sleep(1500);
    await page.screenshot({ path: media(name), scale: 'css' });
  }
}
