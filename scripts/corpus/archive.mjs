// Reads files out of Debian packages. Nothing of a package becomes a file here: its archive is read as a stream, what is
// wanted stays in memory, and what it may cost is bounded.
import { spawn } from 'node:child_process';
import tar from 'tar-stream';

/** @typedef {{ path: string, bytes: Buffer }} Member a regular file; its path has no `./` before it */

const largestMember = 32 * 2 ** 20;
const mostBytes = 512 * 2 ** 20;
const mostMembers = 400_000;

/**
 * The wanted files of a .deb.
 * @param {string} file
 * @param {(path: string) => boolean} isWanted
 * @returns {Promise<Member[]>}
 * @throws {Error} a sentence, if the package cannot be read or holds too much
 */
export async function readPackage(file, isWanted) {
  const unpacker = spawn('dpkg-deb', ['--fsys-tarfile', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  unpacker.stderr
    .setEncoding('utf8')
    .on('data', (/** @type {string} */ text) => (complaint += text.slice(0, 500)));
  const ended = new Promise((resolve, reject) => {
    unpacker.once('error', reject);
    unpacker.once('close', resolve);
  });
  try {
    const members = await readArchive(unpacker.stdout, isWanted);
    if ((await ended) !== 0) throw new Error(`dpkg-deb could not read it: ${complaint.trim()}`);
    return members;
  } finally {
    unpacker.kill('SIGKILL');
  }
}

/**
 * The wanted regular files of a tar archive; links and devices are passed over.
 * @param {import('node:stream').Readable} archive
 * @param {(path: string) => boolean} isWanted
 * @returns {Promise<Member[]>}
 */
export function readArchive(archive, isWanted) {
  return new Promise((resolve, reject) => {
    const extract = tar.extract();
    /** @type {Member[]} */
    const members = [];
    let seen = 0;
    let bytes = 0;
    /** @param {Error} error */
    const fail = (error) => {
      extract.destroy();
      archive.destroy();
      reject(error);
    };
    extract.on('entry', (header, stream, next) => {
      const path = header.name.replace(/^\.\//, '');
      const size = header.size ?? 0;
      if (++seen > mostMembers) return fail(new Error('it holds too many files'));
      if (header.type !== 'file' || !isWanted(path)) {
        stream.on('end', next);
        stream.resume();
        return;
      }
      bytes += size;
      if (size > largestMember || bytes > mostBytes) return fail(new Error(`${path} is too large`));
      /** @type {Buffer[]} */
      const chunks = [];
      stream.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
      stream.on('end', () => {
        members.push({ path, bytes: Buffer.concat(chunks) });
        next();
      });
    });
    extract.on('finish', () => resolve(members));
    extract.on('error', fail);
    archive.on('error', fail);
    archive.pipe(extract);
  });
}
