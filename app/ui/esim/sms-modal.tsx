import { Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { countSms, fitsOneSms } from '../../desk/sms.ts';
import { DeedModal } from './deed-modal.tsx';
import { smsCountLine } from './sms-words.ts';
import { useDeed } from './use-deed.ts';

/** Sends a text message to the eSIM's phone. */
export function SmsModal({ esimId, sender }: { esimId: string; sender: string | null }) {
  const deed = useDeed(esimId, 'sms');
  const [message, setMessage] = useState('');
  const typed = message.trim();
  const count = countSms(typed);
  return (
    <DeedModal
      deed={deed}
      label="Send SMS"
      title="Send a text message?"
      confirm="Send SMS"
      isReady={fitsOneSms(typed)}
      onOpen={() => {
        setMessage('');
      }}
      onConfirm={() => {
        deed.send({ message: typed });
      }}
    >
      <Text as="p">
        It goes to the phone that has this eSIM switched on
        {sender === null ? '' : `, from “${sender}”, which is the sender the supplier allows`}. The traveller
        cannot answer it. What you write is kept nowhere.
      </Text>
      <TextField
        label="Message"
        value={message}
        onChange={setMessage}
        multiline={4}
        autoComplete="off"
        autoFocus
        helpText={smsCountLine(count)}
        error={
          deed.fields['message'] ??
          (count.units > count.most ? 'It is too long for one message: shorten it.' : false)
        }
      />
    </DeedModal>
  );
}
