/** Pictures of buttons, drawn by us: 16 by 16, in the colour of the text. Each stands beside words, or has a label. */
import { svg, type SVGTemplateResult } from 'lit';

export const icons = {
  add: svg`<path d="M8 2.5v11M2.5 8h11" />`,
  back: svg`<path d="M9.5 3 4.5 8l5 5M4.5 8H14" />`,
  chart: svg`<path d="M2.5 2v11.5H14" /><path d="m4.5 10 3-4 2.5 2 4-5" />`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8" />`,
  copy: svg`<path d="M5.5 5.5h8v8h-8z" /><path d="M3.5 10.5h-1v-8h8v1" />`,
  file: svg`<path d="M4 1.5h5l3 3v10H4zM9 1.5v3h3" />`,
  folder: svg`<path d="M1.5 3.5h4l1.5 2h7.5v7h-13z" />`,
  help: svg`<circle cx="8" cy="8" r="6.2" /><path d="M6.2 6.3c.2-1 .9-1.6 1.9-1.6 1.1 0 1.9.7 1.9 1.6 0 1.4-1.9 1.5-1.9 2.9M8.1 11.1v.6" />`,
  pause: svg`<path d="M5.5 3v10M10.5 3v10" />`,
  play: svg`<path d="M4.5 2.5v11l8.5-5.5z" />`,
  stop: svg`<path d="M3.5 3.5h9v9h-9z" />`,
  translate: svg`<path d="M1.5 3.5h7M5 2v1.5M7 3.5C6.5 6 4.5 8 2 9M3.2 5.5C4 7.3 5.5 8.5 7.5 9M7.5 14l3-7.5 3 7.5M8.5 11.8h4" />`,
  warning: svg`<path d="M8 2 1.5 13.5h13zM8 6.5v3.5M8 11.6v.6" />`,
} satisfies Readonly<Record<string, SVGTemplateResult>>;

export type IconName = keyof typeof icons;
