/** A webview of the workbench: its page sits two frames deep. */
import type { Frame, Page } from 'playwright-core';

/**
 * The frame whose page has something that this selector finds.
 *
 * @throws Error when there is none within the time
 */
export async function webviewFrame(page: Page, selector: string, limitMs = 30_000): Promise<Frame> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      // A frame may be gone by now.
      const found = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (found > 0 && frame !== page.mainFrame()) return frame;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`No webview shows “${selector}”.`);
}
