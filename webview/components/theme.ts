/**
 * The editor's theme as a canvas needs it: colours as numbers, read from the `--vscode-*` variables, read again when
 * the theme changes.
 */
import { parseColour, type Rgb } from './colour';
import { isDarkGround } from './colourScale';

export type ThemeKind = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

export interface Theme {
  readonly kind: ThemeKind;
  readonly background: Rgb;
  readonly foreground: Rgb;
  /** Text that matters less. */
  readonly muted: Rgb;
  /** Lines between things. */
  readonly border: Rgb;
  readonly focus: Rgb;
  /** What is chosen or pointed at. */
  readonly accent: Rgb;
  /** The font of text, as CSS writes a family; canvases need it in words. */
  readonly fontFamily: string;
  /** Its size, in CSS pixels. */
  readonly fontSize: number;
}

/** Whether bright things stand on a dark ground: what the person has made of the theme's own, whatever its kind. */
export function isDark({ background }: Pick<Theme, 'background'>): boolean {
  return isDarkGround(background);
}

export function isHighContrast({ kind }: Pick<Theme, 'kind'>): boolean {
  return kind === 'highContrast' || kind === 'highContrastLight';
}

function kindOf(classes: DOMTokenList): ThemeKind {
  if (classes.contains('vscode-high-contrast-light')) return 'highContrastLight';
  if (classes.contains('vscode-high-contrast')) return 'highContrast';
  return classes.contains('vscode-dark') ? 'dark' : 'light';
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const kind = kindOf(document.body.classList);
  const bright = kind === 'dark' || kind === 'highContrast';
  // A theme need not define every colour; the one that stands in for it is of the same kind.
  const colour = (names: readonly string[], otherwise: Rgb): Rgb => {
    for (const name of names) {
      const parsed = parseColour(style.getPropertyValue(`--vscode-${name}`));
      if (parsed !== undefined) return parsed;
    }
    return otherwise;
  };
  const background = colour(['editor-background'], bright ? [31, 31, 31] : [255, 255, 255]);
  const foreground = colour(['editor-foreground', 'foreground'], bright ? [204, 204, 204] : [59, 59, 59]);
  return {
    kind,
    background,
    foreground,
    muted: colour(['descriptionForeground'], foreground),
    border: colour(
      ['contrastBorder', 'editorWidget-border', 'panel-border'],
      bright ? [69, 69, 69] : [200, 200, 200],
    ),
    focus: colour(['focusBorder'], foreground),
    accent: colour(['textLink-foreground', 'focusBorder'], foreground),
    fontFamily: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
    fontSize: Number.parseFloat(style.getPropertyValue('--vscode-font-size')) || 13,
  };
}

/**
 * Tells of another theme, and of a changed font. VS Code writes the class of the body and the variables of the root.
 *
 * @returns stops telling
 */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
