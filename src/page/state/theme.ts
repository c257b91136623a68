import { effect, signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "sluice_theme";
const stored = localStorage.getItem(KEY);

export const theme = signal<Theme>(THEMES.find((one) => one === stored) ?? "auto");

export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem(KEY, theme.value);
  });
}
