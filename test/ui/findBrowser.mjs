// Before the browser tests: finds the browser and tells the tests how to start it.
import { ensureBrowser } from '../../scripts/setup/systemPackages.mjs';
import { chromiumArguments } from '../host/launch/browser.mjs';

/** @param {{ provide: (key: string, value: unknown) => void }} project */
export default async function findBrowser({ provide }) {
  provide('browser', { executablePath: await ensureBrowser(), args: chromiumArguments });
}
