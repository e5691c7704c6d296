/** A font that labels are measured in: each of them once. */
import type { LabelFont } from './labelRoom';
import type { Font } from './surface';

export function measuredFont({ family, size }: Font): LabelFont {
  const context = document.createElement('canvas').getContext('2d');
  const widths = new Map<string, number>();
  const measure = (label: string, bold: boolean): number => {
    if (context === null) return 0;
    context.font = `${bold ? 'bold ' : ''}${size}px ${family}`;
    return context.measureText(label).width;
  };
  return {
    size,
    widthOf: (label, bold) => {
      const key = `${bold} ${label}`;
      let width = widths.get(key);
      if (width === undefined) widths.set(key, (width = measure(label, bold)));
      return width;
    },
  };
}
