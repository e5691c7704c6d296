/** A file that grows by whole pieces: one that does not fit any more leaves it as it was. */
import { constants, open, type FileHandle } from 'node:fs/promises';

export class AppendedFile {
  private constructor(
    private readonly handle: FileHandle,
    private length: number,
  ) {}

  /** Opens a file, or makes it, of which the first `length` bytes stay. */
  static async open(file: string, length: number): Promise<AppendedFile> {
    // Not for appending: Windows does not let a file be cut off that is open for that alone.
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT);
    try {
      await handle.truncate(length);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new AppendedFile(handle, length);
  }

  async append(piece: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < piece.length;) {
        const { bytesWritten } = await this.handle.write(
          piece,
          done,
          piece.length - done,
          this.length + done,
        );
        done += bytesWritten;
      }
    } catch (error) {
      // A disk may take a part before it is full.
      await this.handle.truncate(this.length).catch(() => undefined);
      throw error;
    }
    this.length += piece.length;
  }

  /** Puts all of it on the disk. */
  async flush(): Promise<void> {
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
