import { useNavigate } from '@remix-run/react';
import { Banner, DropZone, List } from '@shopify/polaris';
import { useEffect, useState } from 'react';

/** What the page's action says to a file, among what else it says: a task looks at it, or why none does. */
interface Told {
  status: string;
  taskId?: string;
  sentences?: string[];
  fields?: Partial<Record<string, string>>;
}

interface Asked {
  mostBytes: number;
  isBusy: boolean;
  /** Of the action; undefined before it, and while it is asked again. */
  answer: Told | null | undefined;
  /** The page's address names the task that looks at the file in this parameter. */
  parameter: string;
  onChoose: (file: { csv: string; name: string }) => void;
}

export interface CsvFile extends Pick<Asked, 'isBusy' | 'answer'> {
  isTooLarge: boolean;
  take: (file: File) => Promise<void>;
}

/** A file that is chosen and sent as text. When a task has begun to look at it, the page is opened with that. */
export function useCsvFile({ mostBytes, isBusy, answer, parameter, onChoose }: Asked): CsvFile {
  const navigate = useNavigate();
  const [isTooLarge, setTooLarge] = useState(false);
  const begun = answer?.taskId ?? null;
  useEffect(() => {
    if (begun !== null) navigate(`?${parameter}=${begun}`, { replace: true });
  }, [begun, parameter, navigate]);
  const take = async (file: File) => {
    setTooLarge(file.size > mostBytes);
    if (file.size <= mostBytes) onChoose({ csv: await file.text(), name: file.name });
  };
  return { isBusy, answer, isTooLarge, take };
}

interface ZoneProps {
  file: CsvFile;
  /** Types beside CSV: ".txt,text/plain". */
  alsoAccept?: string;
  isFirst: boolean;
  hint: string;
}

/** Where the file is dropped or chosen. */
export function CsvZone({ file: { isBusy, take }, alsoAccept, isFirst, hint }: ZoneProps) {
  return (
    <DropZone
      label="CSV file"
      accept={['.csv,text/csv', ...(alsoAccept === undefined ? [] : [alsoAccept])].join()}
      type="file"
      allowMultiple={false}
      disabled={isBusy}
      onDrop={(_files, [accepted]) => {
        if (accepted) void take(accepted);
      }}
    >
      <DropZone.FileUpload
        actionTitle={isFirst ? 'Choose a file' : 'Choose another file'}
        actionHint={hint}
      />
    </DropZone>
  );
}

/** Why no task looks at the file. `nothing` says what was not done: "Nothing was added." */
export function CsvComplaints({ file: { isTooLarge, answer }, nothing }: { file: CsvFile; nothing: string }) {
  return (
    <>
      {isTooLarge && (
        <Banner tone="critical" title="The file is larger than 1 MB. Split it into several files." />
      )}
      {answer?.status === 'invalid' && (
        <Banner tone="critical" title={Object.values(answer.fields ?? {})[0] ?? 'This is no CSV file.'} />
      )}
      {answer?.status === 'unreadable' && (
        <Banner tone="critical" title={`This file cannot be read. ${nothing}`}>
          <List>
            {answer.sentences?.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        </Banner>
      )}
    </>
  );
}
