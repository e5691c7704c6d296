/** The engine process's entry: real models behind the door. */
import { Translator } from '../inference/translator';
import { runEngine } from './run';

runEngine((folder) => Translator.load(folder));
