import { useState } from 'react';
import { applyTheme, storedTheme, storeTheme, THEMES, type Theme } from './theme.js';

const NAMES: Record<Theme, string> = { system: 'Auto', light: 'Light', dark: 'Dark' };

/** Chooses between dark and light. */
export function ThemeSwitch() {
  const [chosen, setChosen] = useState(storedTheme);
  const choose = (theme: Theme) => {
    setChosen(theme);
    storeTheme(theme);
    applyTheme(theme);
  };
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Theme</legend>
      {THEMES.map((theme) => (
        <button type="button" key={theme} aria-pressed={theme === chosen} onClick={() => choose(theme)}>
          {NAMES[theme]}
        </button>
      ))}
    </fieldset>
  );
}
