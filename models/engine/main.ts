/** The engine process's entry: real models behind the door. */
import { Translator } from '../inference/translator';
import { runEngine } from './run';

/**
 * A sentence's matrices are too small to share: two threads take more than twice as long as one for it, and the
 * editor wants its cores too. Documents would gain from more; the terminal, which translates files, takes all.
 */
const threads = 1;

runEngine((folder) => Translator.load(folder, threads));
