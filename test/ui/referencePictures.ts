/**
 * Drawings compared with how they were: parts of canvases without text, whose fonts belong to the machine.
 * `UPDATE_REFERENCES=1` writes them anew; look at what changed before committing it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const folder = path.resolve(import.meta.dirname, 'references');
/** A channel of a pixel may be so far off, of 255: browsers soften edges differently. */
const channelTolerance = 32;

export interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a page's canvas as a PNG's address. @param part in the canvas's pixels */
export function partOf(page: Page, selector: string, part: Part): Promise<string> {
  const { left, top, width, height } = part;
  return page.evaluate(`(() => {
    const from = document.querySelector(${JSON.stringify(selector)});
    const part = document.createElement('canvas');
    [part.width, part.height] = [${width}, ${height}];
    part.getContext('2d').drawImage(from, -${left}, -${top});
    return part.toDataURL();
  })()`);
}

/**
 * The share of pixels that are not as they were; 1 where the size is another.
 *
 * @param blank a page whose policy lets it read pictures
 */
export async function apartFromReference(blank: Page, name: string, picture: string): Promise<number> {
  const file = path.join(folder, `${name}.png`);
  if (process.env['UPDATE_REFERENCES'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, Buffer.from(picture.split(',')[1]!, 'base64'));
  }
  if (!existsSync(file)) throw new Error(`There is no reference ${file}: UPDATE_REFERENCES=1 writes it.`);
  const reference = `data:image/png;base64,${readFileSync(file).toString('base64')}`;
  return blank.evaluate(`(async () => {
    const pixels = async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    };
    const [one, other] = await Promise.all([${JSON.stringify(picture)}, ${JSON.stringify(reference)}].map(pixels));
    if (one.width !== other.width || one.height !== other.height) return 1;
    let apart = 0;
    for (let at = 0; at < one.data.length; at += 4) {
      const far = (channel) => Math.abs(one.data[at + channel] - other.data[at + channel]) > ${channelTolerance};
      if (far(0) || far(1) || far(2) || far(3)) apart++;
    }
    return apart / (one.width * one.height);
  })()`);
}
