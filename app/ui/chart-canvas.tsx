import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { ChartData } from './chart.tsx';

// Each at least 4.5:1 on white, and apart in lightness too: for eyes that tell no hue from another.
const COLOURS = ['#005bd3', '#8e4b10', '#303030'];

/** The drawing itself. Its own file, since the library is large: chart.tsx loads it when it is shown. */
export default function ChartCanvas({ title, data: { series, points } }: { title: string; data: ChartData }) {
  const rows = points.map(({ label, values }) => ({ label, ...values }));
  return (
    <div role="group" aria-label={title} style={{ width: '100%', height: 260 }}>
      <ResponsiveContainer width="100%" height="100%">
        {/* The arrow keys walk it, and what they reach is read aloud. */}
        <ComposedChart data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="#e3e3e3" />
          <XAxis dataKey="label" tick={TICK} tickLine={false} minTickGap={24} />
          <YAxis tick={TICK} tickLine={false} axisLine={false} width={56} tickFormatter={short} />
          <Tooltip
            isAnimationActive={false}
            formatter={(_value, name, { payload, dataKey }) => [
              textOf(points, labelOf(payload), String(dataKey)),
              String(name),
            ]}
          />
          {series.length > 1 && <Legend itemSorter={null} wrapperStyle={{ fontSize: 12 }} />}
          {series.map(({ key, name, kind }, index) => {
            const colour = COLOURS[index % COLOURS.length] ?? '#303030';
            return kind === 'bar' ? (
              <Bar
                key={key}
                dataKey={key}
                name={name}
                fill={colour}
                isAnimationActive={false}
                maxBarSize={32}
              />
            ) : (
              <Line
                key={key}
                dataKey={key}
                name={name}
                stroke={colour}
                strokeWidth={2}
                dot={isShort(points, key)}
                connectNulls
                type="stepAfter"
                isAnimationActive={false}
              />
            );
          })}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

const TICK = { fontSize: 12, fill: '#616161' };

/** A line through so few points is not seen without them. */
const isShort = (points: ChartData['points'], key: string) =>
  points.filter(({ values }) => typeof values[key] === 'number').length < 3;

/** 12,500 → 12.5k: the axis is for the size, the words for the figure. */
function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

function labelOf(payload: unknown): string {
  return typeof payload === 'object' && payload !== null && 'label' in payload ? String(payload.label) : '';
}

function textOf(points: ChartData['points'], label: string, key: string): string {
  return points.find((point) => point.label === label)?.texts[key] ?? '–';
}
