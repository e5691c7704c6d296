// What a native library asks the machine's loader for, read from the file itself: so a package for a Mac or for
// Windows can be checked on any machine. ELF, PE and Mach-O as their specifications describe them; 64 bits,
// little-endian, which is what every target is.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} NativeImports
 * @property {string[]} needed loaded together with the file, or the file is not loaded either
 * @property {string[]} delayed loaded when a function of theirs is called for the first time (Windows only)
 * @property {string[]} searchPaths where the loader looks first; empty on Windows, where it is the file's own folder
 * @property {string | undefined} ownName the name that libraries linked against this one ask for
 */

/**
 * @param {string} file
 * @returns {NativeImports}
 * @throws {Error} if the file is none of the three formats, or breaks off
 */
export function readNativeImports(file) {
  const bytes = readFileSync(file);
  if (bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f454c46) return readElf(bytes);
  if (bytes.length > 64 && bytes.readUInt16LE(0) === 0x5a4d) return readPe(bytes);
  if (bytes.length > 32 && bytes.readUInt32LE(0) === 0xfeedfacf) return readMachO(bytes);
  throw new Error(`${file} is no native library of 64 bits (ELF, PE or Mach-O).`);
}

/** @param {Buffer} bytes @param {number} offset @returns {string} up to the next zero byte */
function textAt(bytes, offset) {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

/** @param {Buffer} bytes @param {number} offset */
function longAt(bytes, offset) {
  return Number(bytes.readBigUInt64LE(offset));
}

/** System V ABI, chapter 5: the dynamic section, found through the program headers. @param {Buffer} bytes @returns {NativeImports} */
function readElf(bytes) {
  const headers = longAt(bytes, 32);
  const size = bytes.readUInt16LE(54);
  const segments = Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = headers + index * size;
    return {
      type: bytes.readUInt32LE(at),
      offset: longAt(bytes, at + 8),
      address: longAt(bytes, at + 16),
      size: longAt(bytes, at + 32),
    };
  });
  const [load, dynamicSection] = [1, 2];
  const dynamic = segments.find(({ type }) => type === dynamicSection);
  if (dynamic === undefined) throw new Error('The ELF file has no dynamic section.');
  const entries = Array.from({ length: dynamic.size / 16 }, (_, index) => {
    const at = dynamic.offset + index * 16;
    return { tag: longAt(bytes, at), value: longAt(bytes, at + 8) };
  });
  const tags = { needed: 1, strings: 5, ownName: 14, rpath: 15, runpath: 29 };
  const address = entries.find(({ tag }) => tag === tags.strings)?.value ?? 0;
  const home = segments.find(
    (segment) =>
      segment.type === load && address >= segment.address && address < segment.address + segment.size,
  );
  if (home === undefined) throw new Error('The ELF file has no table of names.');
  const strings = home.offset + address - home.address;
  /** @param {number[]} wanted */
  const texts = (...wanted) =>
    entries.filter(({ tag }) => wanted.includes(tag)).map(({ value }) => textAt(bytes, strings + value));
  return {
    needed: texts(tags.needed),
    delayed: [],
    searchPaths: texts(tags.rpath, tags.runpath).flatMap((paths) => paths.split(':')),
    ownName: texts(tags.ownName)[0],
  };
}

/** Microsoft's PE format: the import directory (entry 1) and the delay import directory (13). @param {Buffer} bytes @returns {NativeImports} */
function readPe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  const optional = header + 24;
  if (bytes.readUInt16LE(optional) !== 0x20b) throw new Error('The PE file is not one of 64 bits.');
  const sections = optional + bytes.readUInt16LE(header + 20);
  const sectionCount = bytes.readUInt16LE(header + 6);
  /** @param {number} address as if loaded @returns {number} place in the file */
  const place = (address) => {
    for (let at = sections; at < sections + sectionCount * 40; at += 40) {
      const start = bytes.readUInt32LE(at + 12);
      if (address >= start && address < start + bytes.readUInt32LE(at + 16)) {
        return address - start + bytes.readUInt32LE(at + 20);
      }
    }
    throw new Error(`The PE file has nothing at address ${address}.`);
  };
  /** The names of a directory's libraries. @param {number} entry @param {number} size of a descriptor @param {number} nameAt */
  const names = (entry, size, nameAt) => {
    const address = bytes.readUInt32LE(optional + 112 + entry * 8);
    const found = [];
    // A descriptor without a name ends the directory.
    for (let at = address === 0 ? -1 : place(address); at >= 0; at += size) {
      const name = bytes.readUInt32LE(at + nameAt);
      if (name === 0) break;
      found.push(textAt(bytes, place(name)));
    }
    return found;
  };
  const exports = bytes.readUInt32LE(optional + 112);
  return {
    needed: names(1, 20, 12),
    delayed: names(13, 32, 4),
    searchPaths: [],
    ownName: exports === 0 ? undefined : textAt(bytes, place(bytes.readUInt32LE(place(exports) + 12))),
  };
}

/** Apple's mach-o/loader.h: the load commands behind the header. @param {Buffer} bytes @returns {NativeImports} */
function readMachO(bytes) {
  const commands = { load: 0xc, ownName: 0xd, weak: 0x80000018, reexport: 0x8000001f, rpath: 0x8000001c };
  /** @type {NativeImports} */
  const imports = { needed: [], delayed: [], searchPaths: [], ownName: undefined };
  let at = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const command = bytes.readUInt32LE(at);
    // Each of these begins with the place of its text, counted from the command.
    const text = () => textAt(bytes, at + bytes.readUInt32LE(at + 8));
    if ([commands.load, commands.weak, commands.reexport].includes(command)) imports.needed.push(text());
    if (command === commands.rpath) imports.searchPaths.push(text());
    if (command === commands.ownName) imports.ownName = text();
    at += bytes.readUInt32LE(at + 4);
  }
  return imports;
}
