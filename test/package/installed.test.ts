/**
 * The package as a stranger gets it: made by `npm run package`, installed into a VS Code that has never seen the
 * sources, used from the command palette, and gone without a trace when VS Code ends or is killed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { comes, WorkbenchPage } from '../ui/workbenchPage';
import { commandLine, connectionsOf, filesOf, filesUnder, InstalledVsCode, root } from './installedVsCode';

declare module 'vitest' {
  interface ProvidedContext {
    /** What this machine can run, if anything. */
    target: string | undefined;
  }
}

const results = path.join(root, 'test-results', 'package');
const sentence = 'This program shows a message when a file in `~/Documents` has been changed or removed.';
const sentenceLine = 3;
const target = inject('target');
/** What the tests see of processes, they see in /proc. */
const onLinux = process.platform === 'linux';

describe.skipIf(target === undefined)(`the package for ${target ?? 'this machine'}, installed`, () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const vsix = path.join(root, 'out', 'package', `polyhead-${target ?? ''}-${version}.vsix`);
  const staged = path.join(root, 'out', 'package', target ?? '');
  let vscode: InstalledVsCode;
  let workbench: WorkbenchPage | undefined;

  beforeAll(() => {
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    rmSync(vsix, { force: true });
    execFileSync(process.execPath, [path.join(root, 'scripts', 'package.mjs'), '--target', target ?? ''], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    vscode = new InstalledVsCode();
  });

  const theEngine = (): number => {
    const engines = vscode.engines();
    expect(engines).toHaveLength(1);
    return engines[0]!;
  };

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await workbench?.picture(path.join(results, 'workbench.png')).catch(() => undefined);
    if (existsSync(vscode.logs)) cpSync(vscode.logs, path.join(results, 'logs'), { recursive: true });
    const log = filesUnder(vscode.logs)
      .filter((file) => path.basename(file) === 'Polyhead.log')
      .map((file) =>
        readFileSync(path.join(vscode.logs, file), 'utf8').trimEnd().split('\n').slice(-30).join('\n'),
      )
      .at(-1);
    const shown = await workbench?.shown().catch(String);
    console.error(
      `${shown ?? 'There is no page.'}\nThe end of the extension's log:\n${log ?? 'there is none'}\n` +
        `Screenshot and logs: ${results}`,
    );
  });

  afterAll(async () => {
    await workbench?.browser.close();
    vscode.clear();
  });

  it('is installed as it was packed', async () => {
    const address = await vscode.start(vsix);
    // vsce gives these three the names that the Marketplace looks for; VS Code keeps the .vsix's manifest.
    const renamed: Record<string, string> = {
      'README.md': 'readme.md',
      'CHANGELOG.md': 'changelog.md',
      LICENSE: 'LICENSE.txt',
    };
    const expected = [...filesUnder(staged).map((file) => renamed[file] ?? file), '.vsixmanifest'];
    expect(filesUnder(vscode.installed())).toEqual(expected.sort());
    workbench = await WorkbenchPage.open(address);
  });

  it('translates from the command palette', async () => {
    const page = workbench!;
    await page.openFile('README.md');
    await expect.poll(() => page.line(sentenceLine), { timeout: 60_000 }).toBe(sentence);
    await select(page, sentenceLine);
    await page.runFromPalette('Polyhead: Translate Selection');
    await expect.poll(() => page.line(sentenceLine), { timeout: 60_000 }).not.toBe(sentence);
    await page.page.keyboard.press('Control+s');
    const file = path.join(vscode.workspace, 'README.md');
    const written = (): string => readFileSync(file, 'utf8').split('\n')[sentenceLine - 1] ?? '';
    await expect.poll(written, { timeout: 15_000 }).not.toBe(sentence);
    expect(written()).toMatch(/\p{L}.*`~\/Documents`/u);
    await page.picture(path.join(results, 'translated.png'));
  });

  it.runIf(onLinux)('runs its engine from the extensions folder, with nothing of the repository', () => {
    const engine = theEngine();
    expect(commandLine(engine)).toContain(path.join(vscode.installed(), 'dist', 'engine.js'));
    const files = filesOf(engine);
    expect(files.filter((file) => file.startsWith(`${root}/`))).toEqual([]);
    const libraries = files
      .filter((file) => file.startsWith(vscode.installed()))
      .map((file) => path.basename(file));
    expect(libraries).toEqual(['libonnxruntime.so.1', 'onnxruntime_binding.node']);
  });

  it.runIf(onLinux)(
    'reaches for no network, and leaves nothing of onnxruntime’s telemetry on the disk',
    () => {
      const engine = theEngine();
      expect(connectionsOf(engine)).toEqual([]);
      expect(filesOf(engine).filter((file) => /onnxruntime\.db|mat-debug/.test(file))).toEqual([]);
      expect(filesUnder(vscode.home).filter((file) => /onnxruntime/i.test(file))).toEqual([]);
    },
  );

  it.runIf(onLinux).each(['SIGTERM', 'SIGKILL'] as const)(
    'leaves nothing running after a %s to the server',
    async (signal) => {
      if (vscode.left().length === 0) {
        await workbench?.browser.close();
        workbench = await WorkbenchPage.open(await vscode.start(vsix));
        await workbench.openFile('watchFolder.ts');
        await select(workbench, 1);
        await workbench.runFromPalette('Polyhead: Translate Selection');
        await expect.poll(() => workbench!.line(1), { timeout: 60_000 }).not.toMatch(/Watches a folder/);
      }
      expect(vscode.processes().length).toBeGreaterThan(2);
      vscode.signalServer(signal);
      await expect.poll(() => vscode.left(), { timeout: 15_000 }).toEqual([]);
    },
  );
});

/** Selects a line as a person does, who looks whether it has worked before going on. */
async function select(page: WorkbenchPage, line: number): Promise<void> {
  const said = page.page.locator('.statusbar').getByText(/\(\d+ selected\)/);
  for (let attempt = 1; ; attempt++) {
    await page.selectLine(line);
    if (await comes(said, 5000)) return;
    if (attempt === 5) throw new Error(`Line ${line} cannot be selected.`);
  }
}
