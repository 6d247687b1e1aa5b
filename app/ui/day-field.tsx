import { TextField } from '@shopify/polaris';
import { useState } from 'react';

/**
 * A day of this century, ISO 8601. What is being typed stays in the field, and is told when it is a whole day, or '' when it
 * was emptied.
 */
export function DayField({
  label,
  value,
  onChange,
  helpText,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
  helpText?: string;
}) {
  const [typed, setTyped] = useState(value);
  const [given, setGiven] = useState(value);
  if (given !== value) {
    setGiven(value);
    setTyped(value);
  }
  return (
    <TextField
      label={label}
      type="date"
      autoComplete="off"
      value={typed}
      onChange={(text) => {
        setTyped(text);
        // A browser tells the year 0002 to whoever is on the way to 2026.
        if (text === '' || text.startsWith('20')) onChange(text);
      }}
      {...(helpText !== undefined && { helpText })}
    />
  );
}
