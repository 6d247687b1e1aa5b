import { ConfigError, parseConfig, type Config } from './config.ts';

export const config: Config = read();

function read(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // The reader of this message sits at a terminal; a stack would bury what to do.
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
