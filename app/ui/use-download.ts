import { useAppBridge } from '@shopify/app-bridge-react';
import { useState } from 'react';

/**
 * Fetches a file of the app and hands it to the browser. A link would not do: in the admin's frame a request is signed in
 * by App Bridge's `fetch`, and a navigation is not.
 */
export function useDownload(path: string, fileName: string) {
  const shopify = useAppBridge();
  const [isDownloading, setIsDownloading] = useState(false);
  const download = async (search: string) => {
    setIsDownloading(true);
    try {
      const response = await fetch(`${path}?${search}`);
      if (!response.ok) throw new Error(String(response.status));
      const address = URL.createObjectURL(await response.blob());
      Object.assign(document.createElement('a'), { href: address, download: fileName }).click();
      URL.revokeObjectURL(address);
    } catch {
      // Whatever it was – no network, a server that restarts –, nothing was changed, and trying again is what helps.
      shopify.toast.show('The file could not be made. Try again.', { isError: true });
    } finally {
      setIsDownloading(false);
    }
  };
  return {
    isDownloading,
    download: (search: string) => {
      void download(search);
    },
  };
}
