/** Light, dark, or as the system has it. */
import { useEffect, useState } from 'preact/hooks';

export type Theme = 'system' | 'light' | 'dark';
const ORDER: readonly Theme[] = ['system', 'light', 'dark'];
const KEPT = 'evenhand-theme';

export function themeNow(): Theme {
  return ORDER.find((theme) => theme === localStorage.getItem(KEPT)) ?? 'system';
}

export function startTheme(): void {
  document.documentElement.dataset.theme = themeNow();
}

export function nextTheme(): void {
  localStorage.setItem(KEPT, ORDER[(ORDER.indexOf(themeNow()) + 1) % ORDER.length] ?? 'system');
  startTheme();
  dispatchEvent(new Event('evenhand-theme'));
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(themeNow);
  useEffect(() => {
    const changed = () => setTheme(themeNow());
    // a canvas has no style sheet of its own: what it draws must follow the system as well
    const system = matchMedia('(prefers-color-scheme: dark)');
    const both = () => dispatchEvent(new Event('evenhand-colours'));
    addEventListener('evenhand-theme', changed);
    addEventListener('evenhand-theme', both);
    system.addEventListener('change', both);
    return () => {
      removeEventListener('evenhand-theme', changed);
      removeEventListener('evenhand-theme', both);
      system.removeEventListener('change', both);
    };
  }, []);
  return theme;
}

/** The value of a custom property as it is now, for canvases. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
