PRAGMA application_id = 2053927017;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE entry (
        n INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        app_trans_id TEXT REFERENCES payment (app_trans_id),
        payload TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT
    ;
INSERT INTO "entry" VALUES(1,1795300000000,'journal_opened',NULL,'{"app_version":"0.1.0","epoch":"kfd5","kind":"journal_opened","till":"02","version":1}',X'4F94A4C4E4777B1149239403FCBA16B2AE8E512BEF6F09A925DC6F952253ECC1');
INSERT INTO "entry" VALUES(2,1795300000000,'payment_prepared','261122_02-000001-kfd5','{"attempt":{"amount":125000,"app_id":2553,"app_time_ms":1795300000000,"app_trans_id":"261122_02-000001-kfd5","attempt":1,"fence_at_ms":1795300420000,"gateway":"demo","note":"bàn 5 “é”\n\u0000","sale_id":"sale-1","scanned_at_ms":1795299999800,"slip_number":"02-000001","source":"camera"},"kind":"payment_prepared","version":1}',X'B2AD736D5C54AAD3740DDE49ED82A02B59BF0ADEEDCDFCC12249FBA10C968F00');
INSERT INTO "entry" VALUES(3,1795300000100,'evidence_added','261122_02-000001-kfd5','{"app_trans_id":"261122_02-000001-kfd5","evidence":{"answer":null,"asked_at_ms":1795300000000,"cause":"","received_at_ms":1795300000000,"source":"sending"},"kind":"evidence_added","version":1}',X'2949AB558CE748936B6BDA57674358B35FF68F839B994A1E5B2CDA9E1CA9042D');
INSERT INTO "entry" VALUES(4,1795300001100,'evidence_added','261122_02-000001-kfd5','{"app_trans_id":"261122_02-000001-kfd5","evidence":{"answer":{"amount":125000,"app_id":2553,"app_trans_id":"261122_02-000001-kfd5","body_hash":"","body_size":0,"fault":"","meaning":"paid","return_code":1,"sub_return_code":1,"zp_trans_id":"zp02-000001"},"asked_at_ms":1795300001000,"cause":"","received_at_ms":1795300001050,"source":"query"},"kind":"evidence_added","version":1}',X'229B2DF31579C9109E723A06DAF6A5494F0BDB62515802B3071EDCD9EDAAAE89');
INSERT INTO "entry" VALUES(5,1795300001100,'payment_settled','261122_02-000001-kfd5','{"app_trans_id":"261122_02-000001-kfd5","kind":"payment_settled","state":"paid","version":1,"zp_trans_id":"zp02-000001"}',X'FBD89D07A1A715E3B7B74F9E185AC6C412915EA73F02AC0D86A308C5F8206598');
INSERT INTO "entry" VALUES(6,1795300002000,'slip_printed','261122_02-000001-kfd5','{"app_trans_id":"261122_02-000001-kfd5","copy":1,"kind":"slip_printed","version":1,"where":"58 mm"}',X'72948A01C87CB1A22F005B944643EDCC268894619719E8886C7E8E2E8D9065C5');
INSERT INTO "entry" VALUES(7,1795300000000,'payment_prepared','261122_02-000002-kfd5','{"attempt":{"amount":125000,"app_id":2553,"app_time_ms":1795300000000,"app_trans_id":"261122_02-000002-kfd5","attempt":1,"fence_at_ms":1795300420000,"gateway":"demo","note":"bàn 5 “é”\n\u0000","sale_id":"sale-2","scanned_at_ms":1795299999800,"slip_number":"02-000002","source":"camera"},"kind":"payment_prepared","version":1}',X'C06DA848BCC4EA27350BABB50D8B16C1CF853E0B6211A854D745C8553C6A299F');
INSERT INTO "entry" VALUES(8,1795300000100,'evidence_added','261122_02-000002-kfd5','{"app_trans_id":"261122_02-000002-kfd5","evidence":{"answer":null,"asked_at_ms":1795300000000,"cause":"","received_at_ms":1795300000000,"source":"sending"},"kind":"evidence_added","version":1}',X'74F5F9C4A735F94544C4D447E42517D2321E8E5FDF020894645705429BA6AED6');
INSERT INTO "entry" VALUES(9,1795300001100,'evidence_added','261122_02-000002-kfd5','{"app_trans_id":"261122_02-000002-kfd5","evidence":{"answer":{"amount":125000,"app_id":2553,"app_trans_id":"261122_02-000002-kfd5","body_hash":"","body_size":0,"fault":"","meaning":"paid","return_code":1,"sub_return_code":1,"zp_trans_id":"zp02-000002"},"asked_at_ms":1795300001000,"cause":"","received_at_ms":1795300001050,"source":"query"},"kind":"evidence_added","version":1}',X'FAFFDC9D87C06C2143B5909F97A2F70306D1454CFD84EED3E4ECBD7EAD5D2650');
INSERT INTO "entry" VALUES(10,1795300001100,'payment_settled','261122_02-000002-kfd5','{"app_trans_id":"261122_02-000002-kfd5","kind":"payment_settled","state":"paid","version":1,"zp_trans_id":"zp02-000002"}',X'E123317CCA4E61BF9E9942594D6B6FCE474408B733C97D765BAC58D6C54CC068');
INSERT INTO "entry" VALUES(11,1795300002000,'slip_printed','261122_02-000002-kfd5','{"app_trans_id":"261122_02-000002-kfd5","copy":1,"kind":"slip_printed","version":1,"where":"58 mm"}',X'B3BB25DA5ABE906857031294A8E26AEB335C8176B0791986970DB9D53C1C11A0');
INSERT INTO "entry" VALUES(12,1795300000000,'payment_prepared','261122_02-000003-kfd5','{"attempt":{"amount":125000,"app_id":2553,"app_time_ms":1795300000000,"app_trans_id":"261122_02-000003-kfd5","attempt":1,"fence_at_ms":1795300420000,"gateway":"demo","note":"bàn 5 “é”\n\u0000","sale_id":"sale-3","scanned_at_ms":1795299999800,"slip_number":"02-000003","source":"camera"},"kind":"payment_prepared","version":1}',X'8CE2578F661BAA3193E538AF351736BC85934EB974084A8E87367650EF0CCFEF');
INSERT INTO "entry" VALUES(13,1795300000100,'evidence_added','261122_02-000003-kfd5','{"app_trans_id":"261122_02-000003-kfd5","evidence":{"answer":null,"asked_at_ms":1795300000000,"cause":"","received_at_ms":1795300000000,"source":"sending"},"kind":"evidence_added","version":1}',X'C5E6E28423C582853D9EF98E7A6424F858743E7E7806590D148E2D3124431924');
INSERT INTO "entry" VALUES(14,1795300001100,'evidence_added','261122_02-000003-kfd5','{"app_trans_id":"261122_02-000003-kfd5","evidence":{"answer":{"amount":null,"app_id":null,"app_trans_id":"","body_hash":"","body_size":0,"fault":"","meaning":"negative","return_code":2,"sub_return_code":-63,"zp_trans_id":""},"asked_at_ms":1795300000000,"cause":"","received_at_ms":1795300000350,"source":"create"},"kind":"evidence_added","version":1}',X'0DD069B4AE050BDE58EA8E682407BF911D79ABA66E277AC64F5FAFFDE3A2E6D2');
INSERT INTO "entry" VALUES(15,1795300001100,'evidence_added','261122_02-000003-kfd5','{"app_trans_id":"261122_02-000003-kfd5","evidence":{"answer":{"amount":null,"app_id":null,"app_trans_id":"","body_hash":"","body_size":0,"fault":"","meaning":"negative","return_code":2,"sub_return_code":-63,"zp_trans_id":""},"asked_at_ms":1795300001000,"cause":"","received_at_ms":1795300001050,"source":"query"},"kind":"evidence_added","version":1}',X'19C8C1AAE517577ACEA3A29596E848BFA597EB40C8794F2825057F2AC59BB6B3');
INSERT INTO "entry" VALUES(16,1795300001100,'payment_settled','261122_02-000003-kfd5','{"app_trans_id":"261122_02-000003-kfd5","kind":"payment_settled","state":"failed","version":1,"zp_trans_id":""}',X'D06F0201617050A8F39190A141E7B5921B2D368B10860D419D9E85E09D0807DC');
INSERT INTO "entry" VALUES(17,1795300000000,'payment_prepared','261122_02-000004-kfd5','{"attempt":{"amount":125000,"app_id":2553,"app_time_ms":1795300000000,"app_trans_id":"261122_02-000004-kfd5","attempt":1,"fence_at_ms":1795300420000,"gateway":"demo","note":"bàn 5 “é”\n\u0000","sale_id":"sale-4","scanned_at_ms":1795299999800,"slip_number":"02-000004","source":"camera"},"kind":"payment_prepared","version":1}',X'8E3030FCC8F3DF818385E238DB37BDB42FC4A3F18D2657F5CBC3CCF5286A985F');
INSERT INTO "entry" VALUES(18,1795300000100,'evidence_added','261122_02-000004-kfd5','{"app_trans_id":"261122_02-000004-kfd5","evidence":{"answer":null,"asked_at_ms":1795300000000,"cause":"","received_at_ms":1795300000000,"source":"sending"},"kind":"evidence_added","version":1}',X'F270B3074E034C21BDD4F53D56B2347C34882EBF11E0E76D28F1A02AC6B5482C');
CREATE TABLE journal (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        till TEXT NOT NULL,
        epoch TEXT NOT NULL,
        clean_stop INTEGER NOT NULL CHECK (clean_stop IN (0, 1)),
        checked_at_ms INTEGER NOT NULL
    ) STRICT
    ;
INSERT INTO "journal" VALUES(1,'02','kfd5',1,1795300000000);
CREATE TABLE payment (
        app_trans_id TEXT PRIMARY KEY,
        sale_id TEXT NOT NULL,
        slip_number TEXT NOT NULL UNIQUE,
        running INTEGER NOT NULL UNIQUE CHECK (running > 0),
        amount INTEGER NOT NULL CHECK (amount > 0),
        state TEXT NOT NULL CHECK (state IN (
            'prepared', 'sending', 'unknown', 'processing', 'mismatch', 'paid', 'failed', 'not_sent', 'not_created')),
        zp_trans_id TEXT NOT NULL,
        prepared_at_ms INTEGER NOT NULL,
        settled_at_ms INTEGER,
        released_at_ms INTEGER,
        CONSTRAINT paid_is_settled CHECK (state <> 'paid' OR (zp_trans_id <> '' AND settled_at_ms IS NOT NULL))
    ) STRICT
    ;
INSERT INTO "payment" VALUES('261122_02-000001-kfd5','sale-1','02-000001',1,125000,'paid','zp02-000001',1795300000000,1795300001100,NULL);
INSERT INTO "payment" VALUES('261122_02-000002-kfd5','sale-2','02-000002',2,125000,'paid','zp02-000002',1795300000000,1795300001100,NULL);
INSERT INTO "payment" VALUES('261122_02-000003-kfd5','sale-3','02-000003',3,125000,'failed','',1795300000000,1795300001100,NULL);
INSERT INTO "payment" VALUES('261122_02-000004-kfd5','sale-4','02-000004',4,125000,'sending','',1795300000000,NULL,NULL);
CREATE UNIQUE INDEX one_live_attempt ON payment (sale_id)
    WHERE state IN ('prepared', 'sending', 'unknown', 'processing', 'mismatch') AND released_at_ms IS NULL
    ;
CREATE UNIQUE INDEX one_payment_per_zp_trans_id ON payment (zp_trans_id) WHERE zp_trans_id <> '';
CREATE INDEX payment_by_time ON payment (prepared_at_ms);
CREATE INDEX payment_by_sale ON payment (sale_id);
CREATE INDEX payment_by_state ON payment (state);
CREATE INDEX entry_by_payment ON entry (app_trans_id, n);
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER entry_comes_last BEFORE INSERT ON entry
    WHEN NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER payment_never_goes BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'a payment stays'); END;
COMMIT;
