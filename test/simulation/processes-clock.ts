// Loaded into the app's process before the app (`node --import`): its clock is as far ahead as it is told.
import { setClock } from '../clock.ts';

setClock(Number(process.env['CLOCK_AHEAD_MINUTES'] ?? 0));
