/**
 * A document as it was at one moment: it may change while it is read.
 */
import { EndOfLine, type Position, type TextDocument } from 'vscode';
import { TextLines } from './reading/lines';

export class Snapshot extends TextLines {
  readonly version: number;
  readonly lineEnding: '\n' | '\r\n';

  constructor(readonly document: TextDocument) {
    super(document.getText());
    this.version = document.version;
    this.lineEnding = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
  }

  get isCurrent(): boolean {
    return this.document.version === this.version;
  }

  offsetOf({ line, character }: Position): number {
    const last = Math.min(line, this.count - 1);
    return this.offsets[last]! + Math.min(character, this.texts[last]!.length);
  }
}
