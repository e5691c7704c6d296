// Before the package tests: which target this machine can run, and its browser.
import { thisTarget } from '../../scripts/package/targets.mjs';
import findBrowser from '../ui/findBrowser.mjs';

/** @param {{ provide: (key: string, value: unknown) => void }} project */
export default async function findTarget(project) {
  project.provide('target', thisTarget());
  await findBrowser(project);
}
