"""The shop's keys at the gateways: read as they are pasted, sealed, rotated, marked, tried out. No screen is here.

For those who build on it:

- `settings.folder_of(environment)`: live, sandbox and demo each have a data folder of their own (the demo's is home).
  `settings.environment_in_use()`, `data_folder()`: what is set up, unless `settings.use_environment()` chose.
- `start.what_to_start() -> Start(environment, folder, sealed_by)`: live, sandbox or demo; `set_up` says whether there
  are keys; SealedBy.PASSPHRASE that somebody has to type a passphrase. It opens no key and asks nobody.
- `gateway_access.open_keys(folder, passphrase) -> KeyedAccess(access, keystore)`: what `Till(access=…, keystore=…)`
  takes. Raises `KeysError`s (`errors`: title and advice in words); PassphraseNeededError means: ask, then again.
- `account.Typed(environment, app_id, key1, key2, public_key, …)` as pasted; `find_mistakes(typed)` gives one sentence
  for each field that is wrong; `account_of(typed)` the `Account`.
- `check.check_account(account, clock, api=…) -> Checked(ok, title, advice)`: one signed call that is answered.
- `fingerprint.marks(account)`, `public_mark(account)`: what to show of keys.
- `checkout.enrolment.open_enrolment(environment, till=…, clock=…)`, with the till closed: `enter`, `rotate`,
  `drop_old`, `confirm`, each with the owner's `Signature(by, pin)`; the first keys need no PIN where none is set yet.
- `Environment.badge`: what every screen and slip shows where no real money moves.
"""
