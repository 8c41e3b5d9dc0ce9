/** The paths that look as if they held secrets: .env and its kind. Only the user's own configuration may name those. */
export function secretsAmong(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path.split("/").some((name) => SECRET.test(name)));
}

const SECRET =
  /^\.env(?:\..*)?$|^\.(?:npmrc|netrc|pypirc|pgpass|git-credentials|envrc)$|^\.(?:ssh|aws|gnupg|kube|azure)$|^id_(?:rsa|dsa|ecdsa|ed25519)$|\.(?:pem|key|p12|pfx|jks|keystore)$|^credentials(?:\..*)?$|^secrets?(?:\..*)?$/i;
