import { walkFailpoints } from './failpoints.ts';

walkFailpoints({ postgresUrl: null });
