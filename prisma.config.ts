import { PrismaPg } from '@prisma/adapter-pg';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { defineConfig } from 'prisma/config';

// Prisma's own engines are downloads; this project runs the one written in WebAssembly that ships inside the
// package, and reaches the database through the same adapters as the app. The CLI wants a DATABASE_URL that
// looks like PostgreSQL even where it opens none: `postgresql://pglite` stands for an empty PGlite.
const url = process.env['DATABASE_URL'] ?? '';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  engine: 'js',
  experimental: { adapter: true },
  // The cast: that adapter was built against an older copy of Prisma's interface.
  adapter: () =>
    Promise.resolve(
      url === 'postgresql://pglite'
        ? (new PrismaPGlite(new PGlite()) as unknown as PrismaPg)
        : new PrismaPg({ connectionString: url }),
    ),
});
