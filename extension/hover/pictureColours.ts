/**
 * The colours of an attention picture. An extension is told what kind of theme there is and none of its colours, and a
 * picture in a hover cannot ask: so the ground shows through, and what is drawn on it stands out from any ground that a
 * theme of the kind has.
 */

/** Kinds of themes, as VS Code tells them apart. */
export const themeKinds = ['light', 'dark', 'highContrast', 'highContrastLight'] as const;
export type ThemeKind = (typeof themeKinds)[number];

export interface PictureColours {
  /** Of labels. */
  readonly text: string;
  /** Of a weight of 1; lesser ones let the ground through. */
  readonly weight: string;
  /** Around the strongest weight of each row, so that it is told not by colour alone. */
  readonly mark: string;
  /** Around the map, and its opacity. */
  readonly frame: string;
  readonly frameOpacity: number;
}

/** The unit test computes their contrasts on the grounds of VS Code's own themes. */
export const pictureColours: Readonly<Record<ThemeKind, PictureColours>> = {
  light: { text: '#303030', weight: '#0058b0', mark: '#303030', frame: '#303030', frameOpacity: 0.25 },
  dark: { text: '#dddddd', weight: '#5cb3ff', mark: '#dddddd', frame: '#dddddd', frameOpacity: 0.25 },
  highContrast: { text: '#ffffff', weight: '#ffffff', mark: '#f5a85c', frame: '#ffffff', frameOpacity: 1 },
  highContrastLight: {
    text: '#000000',
    weight: '#000000',
    mark: '#b5470a',
    frame: '#000000',
    frameOpacity: 1,
  },
};
