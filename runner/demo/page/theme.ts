/** Light or dark: as the system says until the button is pressed. The choice is of this page and survives a reload. */
export function setUpTheme(button: HTMLButtonElement, onChange: () => void): void {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const show = (): void => {
    button.textContent = isDark() ? 'Light theme' : 'Dark theme';
    onChange();
  };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    history.replaceState({ theme: root.dataset.theme }, '');
    show();
  });
  system.addEventListener('change', show);
  const kept = (history.state as { theme?: string } | null)?.theme;
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;
  show();
}
