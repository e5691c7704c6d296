/**
 * The little of protocol buffers that writing needs (https://protobuf.dev/programming-guides/encoding/).
 * A message is a list of byte chunks, so that weights are copied once, at the end.
 */

export class Message {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  /** Field of type int32, int64, uint64, bool or enum; negative numbers take ten bytes, as the standard has it. */
  integer(field: number, value: number | bigint): this {
    return this.append(varint((BigInt(field) << 3n) | 0n)).append(varint(BigInt.asUintN(64, BigInt(value))));
  }

  /** Field of type float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.append(varint((BigInt(field) << 3n) | 5n)).append(bytes);
  }

  /** Field of type double. */
  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.append(varint((BigInt(field) << 3n) | 1n)).append(bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.head(field, value.byteLength).append(value);
  }

  message(field: number, value: Message): this {
    this.head(field, value.length);
    for (const chunk of value.chunks) this.append(chunk);
    return this;
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      result.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return result;
  }

  private head(field: number, length: number): this {
    return this.append(varint((BigInt(field) << 3n) | 2n)).append(varint(BigInt(length)));
  }

  private append(chunk: Uint8Array): this {
    this.chunks.push(chunk);
    this.length += chunk.byteLength;
    return this;
  }
}

/** Seven bits a byte, least significant first; the top bit says that more follow. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
