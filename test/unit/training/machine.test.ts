/** Whether a machine runs on its battery, on trees as Linux lays them out; and its disk. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeDisk, isOnBattery } from '../../../models/training/machine';
import { temporaryFolder } from '../temporaryFolder';

const inFolder = temporaryFolder('machine');
let trees = 0;

type Supplies = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function treeOf(supplies: Supplies): Promise<string> {
  const root = inFolder(`tree-${++trees}`);
  await mkdir(root);
  for (const [name, files] of Object.entries(supplies)) {
    await mkdir(path.join(root, name));
    for (const [file, content] of Object.entries(files))
      await writeFile(path.join(root, name, file), `${content}\n`);
  }
  return root;
}

const battery = (status: string): Readonly<Record<string, string>> => ({
  type: 'Battery',
  status,
  scope: 'System',
});
const mains = (online: string): Readonly<Record<string, string>> => ({ type: 'Mains', online });

describe('whether the machine runs on its battery', () => {
  it.each<[string, Supplies, boolean | undefined]>([
    ['unplugged', { AC: mains('0'), BAT0: battery('Discharging') }, true],
    ['plugged in', { AC: mains('1'), BAT0: battery('Charging') }, false],
    [
      'plugged in, with one battery that still gives',
      { AC: mains('1'), BAT0: battery('Discharging') },
      false,
    ],
    ['full, and plugged in', { AC: mains('1'), BAT0: battery('Full') }, false],
    ['a battery alone, which gives', { BAT0: battery('Discharging') }, true],
    [
      'two batteries, of which one gives',
      { BAT0: battery('Not charging'), BAT1: battery('Discharging') },
      true,
    ],
    ['plugged in by USB', { u: { type: 'USB', online: '1' }, BAT0: battery('Discharging') }, false],
    ['a free USB socket', { u: { type: 'USB', online: '0' }, BAT0: battery('Discharging') }, true],
    [
      'a mouse whose battery gives',
      { AC: mains('1'), m: { ...battery('Discharging'), scope: 'Device' } },
      false,
    ],
    ['nothing but a mouse', { m: { ...battery('Discharging'), scope: 'Device' } }, undefined],
    ['a battery that says nothing', { BAT0: battery('Unknown') }, undefined],
    ['files that are missing', { BAT0: {} }, undefined],
    ['no supplies', {}, undefined],
  ])('%s', async (_, supplies, expected) => {
    expect(await isOnBattery(await treeOf(supplies))).toBe(expected);
  });

  it('is not known where there is no such tree', async () => {
    expect(await isOnBattery(inFolder('absent'))).toBeUndefined();
  });
});

it('the disk of a folder that is not there is that of its parent', async () => {
  const [absent, parent] = [await freeDisk(inFolder('a', 'b', 'c')), await freeDisk(inFolder())];
  expect(absent).toBeGreaterThan(0);
  expect(Math.abs(absent - parent) / parent).toBeLessThan(0.05);
});
