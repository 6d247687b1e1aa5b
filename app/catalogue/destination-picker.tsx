import { Combobox, Listbox } from '@shopify/polaris';
import { useState } from 'react';

interface Destination {
  value: string;
  label: string;
}

// A longer list is narrowed by typing.
const MOST_SHOWN = 100;

/** Finds a country or region by typing a part of its name. */
export function DestinationPicker({
  destinations,
  chosen,
  onChoose,
}: {
  destinations: Destination[];
  chosen: Destination | null;
  onChoose: (value: string) => void;
}) {
  const [typed, setTyped] = useState(chosen?.label ?? '');
  const wanted = typed.trim().toLowerCase();
  // What is chosen stands in the field: it asks for nothing more.
  const fitting = destinations.filter(
    ({ label }) => typed === chosen?.label || label.toLowerCase().includes(wanted),
  );
  return (
    <Combobox
      activator={
        <Combobox.TextField
          label="Destination"
          placeholder="Search countries and regions"
          autoComplete="off"
          value={typed}
          onChange={setTyped}
          clearButton
          onClearButtonClick={() => {
            setTyped('');
          }}
        />
      }
    >
      {fitting.length > 0 ? (
        <Listbox onSelect={onChoose}>
          {fitting.slice(0, MOST_SHOWN).map(({ value, label }) => (
            <Listbox.Option key={value} value={value} selected={value === chosen?.value}>
              {label}
            </Listbox.Option>
          ))}
        </Listbox>
      ) : null}
    </Combobox>
  );
}
