/** Where a certificate lies, with those between it and its authority, and its key: paths of PEM files. */
export interface CertificateFiles {
  cert: string;
  key: string;
}
