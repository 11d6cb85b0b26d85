CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE alert (
	id CHAR(32) NOT NULL, 
	rule TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	kind VARCHAR NOT NULL, 
	title TEXT NOT NULL, 
	severity VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	"group" JSON NOT NULL, 
	labels JSON NOT NULL, 
	roles JSON NOT NULL, 
	explanation JSON NOT NULL, 
	known_at DATETIME NOT NULL, 
	follows CHAR(32), 
	fired_at DATETIME NOT NULL, 
	acknowledged_at DATETIME, 
	acknowledged_by TEXT, 
	CONSTRAINT pk_alert PRIMARY KEY (id), 
	CONSTRAINT fk_alert_follows FOREIGN KEY(follows) REFERENCES alert (id), 
	CONSTRAINT uq_alert_rule_fingerprint UNIQUE (rule, fingerprint)
);
INSERT INTO "alert" VALUES('01845c42ea0070008000000000000004','korea-launch','f1','first','North Korea launches a missile','critical','one event matches','{"country": "PRK"}','{"desk": "korea"}','{"launch": "01845c3a-0000-7000-8000-000000000001"}','{"matched": ["type"]}','2022-11-09 12:00:00.000000',NULL,'2022-11-09 12:00:00.000000',NULL,NULL);
CREATE TABLE alert_event (
	alert_id CHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_alert_event PRIMARY KEY (alert_id, ordinal), 
	CONSTRAINT fk_alert_event_alert_id FOREIGN KEY(alert_id) REFERENCES alert (id), 
	CONSTRAINT fk_alert_event_event_id FOREIGN KEY(event_id) REFERENCES event (id)
);
INSERT INTO "alert_event" VALUES('01845c42ea0070008000000000000004',0,'01845c3a000070008000000000000001');
CREATE TABLE article (
	id CHAR(32) NOT NULL, 
	url TEXT, 
	origin TEXT, 
	origin_key TEXT, 
	content_hash VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	extracted_revision INTEGER NOT NULL, 
	linked_revision INTEGER NOT NULL, 
	published DATETIME, 
	date_refused TEXT, 
	first_seen DATETIME NOT NULL, 
	known_at DATETIME NOT NULL, 
	publisher TEXT, 
	owner TEXT, 
	country VARCHAR, 
	timezone VARCHAR, 
	language TEXT, 
	author TEXT, 
	backfilled BOOLEAN NOT NULL, 
	skipped TEXT, page VARCHAR, page_note TEXT, page_tries INTEGER DEFAULT '0' NOT NULL, page_due_at DATETIME, same_as CHAR(32), 
	CONSTRAINT pk_article PRIMARY KEY (id), 
	CONSTRAINT uq_article_origin_origin_key UNIQUE (origin, origin_key), 
	CONSTRAINT uq_article_url UNIQUE (url)
);
INSERT INTO "article" VALUES('01845c42ea0070008000000000000002','https://news.example/story',NULL,NULL,'16c9d72072853794c661c216d5b0b1a48b4560a6a15129df98e5f90e6f8ef0227',1,1,1,'2022-11-09 11:00:00.000000',NULL,'2022-11-09 12:00:00.000000','2022-11-09 12:00:00.000000','Feed Press','Feed Group','KOR','Asia/Seoul',NULL,NULL,0,NULL,NULL,NULL,0,NULL,NULL);
CREATE TABLE article_page (
	article_id CHAR(32) NOT NULL, 
	fetched_at DATETIME NOT NULL, 
	url TEXT NOT NULL, 
	canonical TEXT, 
	title TEXT, 
	author TEXT, 
	language TEXT, 
	published DATETIME, 
	modified DATETIME, 
	free BOOLEAN, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_article_page PRIMARY KEY (article_id), 
	CONSTRAINT fk_article_page_article_id FOREIGN KEY(article_id) REFERENCES article (id)
);
CREATE TABLE article_revision (
	id INTEGER NOT NULL, 
	article_id CHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	html TEXT, 
	content_hash VARCHAR NOT NULL, 
	text_hash VARCHAR, 
	published DATETIME, 
	seen_at DATETIME NOT NULL, 
	known_at DATETIME NOT NULL, 
	reason VARCHAR NOT NULL, 
	pruned BOOLEAN NOT NULL, 
	CONSTRAINT pk_article_revision PRIMARY KEY (id), 
	CONSTRAINT fk_article_revision_article_id FOREIGN KEY(article_id) REFERENCES article (id), 
	CONSTRAINT uq_article_revision_article_id_number UNIQUE (article_id, number)
);
INSERT INTO "article_revision" VALUES(1,'01845c42ea0070008000000000000002',1,'Launch reported (story)','Launch reported (story)

North Korea fired a ballistic missile towards the sea on Wednesday morning, the South Korean military said, the second launch within a week.',NULL,'16c9d72072853794c661c216d5b0b1a48b4560a6a15129df98e5f90e6f8ef0227','11e61058053267cd3bf8f1b3f3aaeb7240b2d99d9dd1e53d8b9d9a44cc7ebf999','2022-11-09 11:00:00.000000','2022-11-09 12:00:00.000000','2022-11-09 12:00:00.000000','first_seen',0);
CREATE TABLE attempt (
	delivery_id CHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	outcome VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	status INTEGER, 
	duration_ms INTEGER NOT NULL, 
	CONSTRAINT pk_attempt PRIMARY KEY (delivery_id, number), 
	CONSTRAINT fk_attempt_delivery_id FOREIGN KEY(delivery_id) REFERENCES delivery (id)
);
CREATE TABLE carrier (
	feed_id CHAR(32) NOT NULL, 
	"key" TEXT NOT NULL, 
	article_id CHAR(32) NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	CONSTRAINT pk_carrier PRIMARY KEY (feed_id, "key"), 
	CONSTRAINT fk_carrier_article_id FOREIGN KEY(article_id) REFERENCES article (id), 
	CONSTRAINT fk_carrier_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id)
);
INSERT INTO "carrier" VALUES('01845c42ea0070008000000000000001','story','01845c42ea0070008000000000000002','16c9d72072853794c661c216d5b0b1a48b4560a6a15129df98e5f90e6f8ef0227');
CREATE TABLE claim (
	id CHAR(32) NOT NULL, 
	"key" TEXT NOT NULL, 
	type VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	first_known DATETIME NOT NULL, 
	last_known DATETIME NOT NULL, 
	about_event_id CHAR(32), 
	CONSTRAINT pk_claim PRIMARY KEY (id), 
	CONSTRAINT fk_claim_about_event_id FOREIGN KEY(about_event_id) REFERENCES event (id)
);
INSERT INTO "claim" VALUES('00000000000000000000000000000007','["arms.transfer", ["PRK"], ["RUS"]]','arms.transfer','North Korea supplied arms to Russia','asserted','2022-11-09 12:00:00.000000','2022-11-09 12:00:00.000000','01845c3a000070008000000000000001');
CREATE TABLE claim_party (
	claim_id CHAR(32) NOT NULL, 
	role VARCHAR NOT NULL, 
	party TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	CONSTRAINT pk_claim_party PRIMARY KEY (claim_id, role, party), 
	CONSTRAINT fk_claim_party_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id)
);
INSERT INTO "claim_party" VALUES('00000000000000000000000000000007','source','PRK',' prk ');
INSERT INTO "claim_party" VALUES('00000000000000000000000000000007','target','RUS',' rus ');
CREATE TABLE claim_stance (
	id INTEGER NOT NULL, 
	claim_id CHAR(32) NOT NULL, 
	stance VARCHAR NOT NULL, 
	party TEXT NOT NULL, 
	party_name TEXT, 
	party_key TEXT, 
	party_country VARCHAR, 
	party_sector VARCHAR, 
	event_id CHAR(32) NOT NULL, 
	article_id CHAR(32) NOT NULL, 
	"on" DATE, 
	day DATE NOT NULL, 
	known_at DATETIME NOT NULL, 
	status_after VARCHAR NOT NULL, 
	CONSTRAINT pk_claim_stance PRIMARY KEY (id), 
	CONSTRAINT fk_claim_stance_article_id FOREIGN KEY(article_id) REFERENCES article (id), 
	CONSTRAINT fk_claim_stance_claim_id FOREIGN KEY(claim_id) REFERENCES claim (id), 
	CONSTRAINT fk_claim_stance_event_id FOREIGN KEY(event_id) REFERENCES event (id), 
	CONSTRAINT uq_claim_stance_claim_id_stance_party_event_id_article_id UNIQUE (claim_id, stance, party, event_id, article_id)
);
INSERT INTO "claim_stance" VALUES(1,'00000000000000000000000000000007','assert','USA','United States',' united states ','USA','GOV','01845c3a000070008000000000000001','01845c42ea0070008000000000000002','2022-11-08','2022-11-08','2022-11-09 12:00:00.000000','asserted');
CREATE TABLE cooldown (
	scope TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	since DATETIME NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_cooldown PRIMARY KEY (scope)
);
CREATE TABLE delivery (
	id CHAR(32) NOT NULL, 
	alert_id CHAR(32) NOT NULL, 
	subscriber_id CHAR(32) NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_attempt_at DATETIME, 
	claimed_until DATETIME, 
	created_at DATETIME NOT NULL, 
	delivered_at DATETIME, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT fk_delivery_alert_id FOREIGN KEY(alert_id) REFERENCES alert (id), 
	CONSTRAINT fk_delivery_subscriber_id FOREIGN KEY(subscriber_id) REFERENCES subscriber (id), 
	CONSTRAINT uq_delivery_alert_id_subscriber_id UNIQUE (alert_id, subscriber_id)
);
INSERT INTO "delivery" VALUES('01845c42ea0070008000000000000005','01845c42ea0070008000000000000004','00000000000000000000000000002329','pending',0,'2022-11-09 12:00:00.000000',NULL,'2022-11-09 12:00:00.000000',NULL,'the subscriber takes this rule');
CREATE TABLE event (
	type VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	when_start DATE, 
	when_end DATE, 
	place_key TEXT, 
	place_country VARCHAR, 
	owner_count INTEGER NOT NULL, 
	first_known DATETIME NOT NULL, 
	body JSON NOT NULL, 
	id CHAR(32) NOT NULL, 
	last_known DATETIME NOT NULL, 
	revision INTEGER NOT NULL, 
	shelf VARCHAR NOT NULL, 
	shelf_day DATE NOT NULL, 
	matched_revision INTEGER NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (id)
);
INSERT INTO "event" VALUES('weapons.launch.missile','confirmed','2022-11-02','2022-11-02',' pyongyang ','PRK',2,'2022-11-09 12:00:00.000000','{"id": "01845c3a-0000-7000-8000-000000000001", "type": "weapons.launch.missile", "title": "North Korea fires a missile towards the sea", "status": "confirmed", "phase": "happened", "severity": "critical", "when": {"start": "2022-11-02", "end": "2022-11-02", "precision": "day", "text": "on Wednesday", "basis": "expression", "value": null, "span": null}, "place": {"text": "Pyongyang", "start": 40, "end": 49, "name": "Pyongyang", "country": "PRK", "lat": 39.03, "lon": 125.75}, "source": [{"name": "North Korea", "country": "PRK", "sector": "GOV"}], "target": [{"name": "United States", "country": "USA", "sector": "GOV"}], "objects": [{"kind": "weapon", "text": "ballistic missile", "start": 20, "end": 37, "name": "ballistic missile", "count": 1}], "confidence": 0.8334, "mentions": 3, "articles": 2, "publishers": ["Harbour Post", "Daily Meridian"], "owners": ["Harbour Group", "Meridian Media"], "first_known": "2022-11-09T12:00:00+00:00", "last_known": "2022-11-09T12:00:00+00:00", "revision": 1, "plover": "ASSAULT", "cameo": "194", "claim": {"type": "arms.transfer", "source": ["PRK"], "target": ["RUS"]}, "first_published": "2022-11-02T03:00:00+00:00"}','01845c3a000070008000000000000001','2022-11-09 12:00:00.000000',1,'dated','2022-11-02',1);
CREATE TABLE event_party (
	id INTEGER NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	role VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	name TEXT, 
	"key" TEXT, 
	country VARCHAR, 
	sector VARCHAR, 
	since_revision INTEGER NOT NULL, 
	until_revision INTEGER, 
	CONSTRAINT pk_event_party PRIMARY KEY (id), 
	CONSTRAINT fk_event_party_event_id FOREIGN KEY(event_id) REFERENCES event (id), 
	CONSTRAINT uq_event_party_event_id_since_revision_role_ordinal UNIQUE (event_id, since_revision, role, ordinal)
);
INSERT INTO "event_party" VALUES(1,'01845c3a000070008000000000000001','source',0,'North Korea',' north korea ','PRK','GOV',1,NULL);
INSERT INTO "event_party" VALUES(2,'01845c3a000070008000000000000001','target',0,'United States',' united states ','USA','GOV',1,NULL);
CREATE TABLE event_revision (
	type VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	when_start DATE, 
	when_end DATE, 
	place_key TEXT, 
	place_country VARCHAR, 
	owner_count INTEGER NOT NULL, 
	first_known DATETIME NOT NULL, 
	body JSON NOT NULL, 
	id INTEGER NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	known_at DATETIME NOT NULL, 
	reason VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	changes JSON NOT NULL, 
	article_id CHAR(32), 
	CONSTRAINT pk_event_revision PRIMARY KEY (id), 
	CONSTRAINT fk_event_revision_article_id FOREIGN KEY(article_id) REFERENCES article (id), 
	CONSTRAINT fk_event_revision_event_id FOREIGN KEY(event_id) REFERENCES event (id), 
	CONSTRAINT uq_event_revision_event_id_number UNIQUE (event_id, number)
);
INSERT INTO "event_revision" VALUES('weapons.launch.missile','confirmed','2022-11-02','2022-11-02',' pyongyang ','PRK',2,'2022-11-09 12:00:00.000000','{"id": "01845c3a-0000-7000-8000-000000000001", "type": "weapons.launch.missile", "title": "North Korea fires a missile towards the sea", "status": "confirmed", "phase": "happened", "severity": "critical", "when": {"start": "2022-11-02", "end": "2022-11-02", "precision": "day", "text": "on Wednesday", "basis": "expression", "value": null, "span": null}, "place": {"text": "Pyongyang", "start": 40, "end": 49, "name": "Pyongyang", "country": "PRK", "lat": 39.03, "lon": 125.75}, "source": [{"name": "North Korea", "country": "PRK", "sector": "GOV"}], "target": [{"name": "United States", "country": "USA", "sector": "GOV"}], "objects": [{"kind": "weapon", "text": "ballistic missile", "start": 20, "end": 37, "name": "ballistic missile", "count": 1}], "confidence": 0.8334, "mentions": 3, "articles": 2, "publishers": ["Harbour Post", "Daily Meridian"], "owners": ["Harbour Group", "Meridian Media"], "first_known": "2022-11-09T12:00:00+00:00", "last_known": "2022-11-09T12:00:00+00:00", "revision": 1, "plover": "ASSAULT", "cameo": "194", "claim": {"type": "arms.transfer", "source": ["PRK"], "target": ["RUS"]}, "first_published": "2022-11-02T03:00:00+00:00"}',1,'01845c3a000070008000000000000001',1,'2022-11-09 12:00:00.000000','first_report','first told','{"owners": [[], ["Harbour Group", "Meridian Media"]]}',NULL);
CREATE TABLE feed (
	id CHAR(32) NOT NULL, 
	url TEXT NOT NULL, 
	host TEXT NOT NULL, 
	title TEXT, 
	publisher TEXT, 
	owner TEXT, 
	country VARCHAR, 
	language TEXT, 
	timezone VARCHAR, 
	folder TEXT, 
	topics JSON NOT NULL, 
	catalog TEXT, 
	interval INTEGER, 
	full_text BOOLEAN NOT NULL, 
	added_at DATETIME NOT NULL, 
	removed_at DATETIME, 
	enabled BOOLEAN NOT NULL, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash VARCHAR, 
	next_due_at DATETIME, 
	claimed_until DATETIME, 
	last_polled_at DATETIME, 
	last_ok_at DATETIME, 
	last_outcome VARCHAR, 
	last_failure VARCHAR, 
	last_detail TEXT, 
	failures INTEGER NOT NULL, 
	articles INTEGER NOT NULL, 
	muted_reason TEXT, headers JSON DEFAULT '[]' NOT NULL, proxy TEXT, moved_to TEXT, asked JSON, rhythm JSON, certificate JSON, moved_at DATETIME, whole_at DATETIME, lied_at DATETIME, quiet_since DATETIME, pushed_until DATETIME, 
	CONSTRAINT pk_feed PRIMARY KEY (id), 
	CONSTRAINT uq_feed_url UNIQUE (url)
);
INSERT INTO "feed" VALUES('01845c42ea0070008000000000000001','https://feed.example/rss','feed.example','The feed','Feed Press','Feed Group','KOR',NULL,'Asia/Seoul',NULL,'[]',NULL,NULL,0,'2022-11-09 12:00:00.000000',NULL,1,NULL,NULL,NULL,'2022-11-09 13:00:00.000000',NULL,'2022-11-09 12:00:00.000000','2022-11-09 12:00:00.000000','changed',NULL,NULL,0,1,NULL,'[]',NULL,NULL,'null','null','null',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE fetch (
	id INTEGER NOT NULL, 
	feed_id CHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	http_status INTEGER, 
	failure VARCHAR, 
	duration_ms INTEGER NOT NULL, 
	bytes INTEGER NOT NULL, 
	entries INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	next_due_at DATETIME, requests JSON, 
	CONSTRAINT pk_fetch PRIMARY KEY (id), 
	CONSTRAINT fk_fetch_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id), 
	CONSTRAINT uq_fetch_feed_id_at UNIQUE (feed_id, at)
);
INSERT INTO "fetch" VALUES(1,'01845c42ea0070008000000000000001','2022-11-09 12:00:00.000000','changed','as scheduled',200,NULL,0,0,1,0,0,0,'2022-11-09 13:00:00.000000','null');
CREATE TABLE hub_subscription (
	feed_id CHAR(32) NOT NULL, 
	hub TEXT NOT NULL, 
	topic TEXT NOT NULL, 
	secret VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	asked_at DATETIME, 
	lease_until DATETIME, 
	last_push_at DATETIME, 
	note TEXT, 
	CONSTRAINT pk_hub_subscription PRIMARY KEY (feed_id), 
	CONSTRAINT fk_hub_subscription_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id)
);
CREATE TABLE mention (
	id CHAR(32) NOT NULL, 
	article_id CHAR(32) NOT NULL, 
	revision INTEGER NOT NULL, 
	ordinal INTEGER NOT NULL, 
	type VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	when_start DATE, 
	when_end DATE, 
	confidence FLOAT NOT NULL, 
	event_id CHAR(32), 
	link_reason TEXT, 
	active BOOLEAN NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_mention PRIMARY KEY (id), 
	CONSTRAINT fk_mention_article_id FOREIGN KEY(article_id) REFERENCES article (id), 
	CONSTRAINT fk_mention_event_id FOREIGN KEY(event_id) REFERENCES event (id), 
	CONSTRAINT uq_mention_article_id_revision_ordinal UNIQUE (article_id, revision, ordinal)
);
INSERT INTO "mention" VALUES('01845c42ea0070008000000000000003','01845c42ea0070008000000000000002',1,0,'weapons.launch.missile','happened','2022-11-09','2022-11-09',0.75,'01845c3a000070008000000000000001','first report',1,'{"type": "weapons.launch.missile", "plover": null, "cameo": null, "status": "happened", "severity": "critical", "trigger": {"text": "fired", "start": 37, "end": 42}, "source": [{"text": "North Korea", "start": 25, "end": 36, "name": "North Korea", "country": "PRK", "sector": "GOV"}], "target": [{"text": "South Korean military", "start": 105, "end": 126, "name": "South Korea", "country": "KOR", "sector": "MIL"}], "objects": [{"kind": "weapon", "text": "ballistic missile", "start": 45, "end": 62, "name": "missile", "count": 1}], "place": {"text": "the sea", "start": 71, "end": 78, "name": "Sea of Japan", "country": null, "lat": 40.0, "lon": 135.0}, "when": {"start": "2022-11-09", "end": "2022-11-09", "precision": "day", "text": "on Wednesday", "basis": "expression", "value": null, "span": {"start": 79, "end": 91}}, "claim": {"type": "weapons.launch", "source": [{"text": "North Korea", "start": 25, "end": 36, "name": null, "country": "PRK", "sector": null}], "target": [{"text": "South Korean military", "start": 105, "end": 126, "name": null, "country": "KOR", "sector": null}], "trigger": {"text": "launch", "start": 144, "end": 150}, "objects": [{"kind": "weapon", "text": "missile", "start": 55, "end": 62, "name": null, "count": null}], "negated": false, "refers_back": false}, "attribution": [{"text": "South Korean military", "start": 105, "end": 126, "name": "South Korea", "country": "KOR", "sector": null}], "confidence": 0.75, "sentence": {"start": 25, "end": 165}, "pattern": "fire-weapon"}');
CREATE TABLE request (
	id INTEGER NOT NULL, 
	host TEXT NOT NULL, 
	started DATETIME NOT NULL, 
	kind VARCHAR NOT NULL, 
	url TEXT NOT NULL, 
	status INTEGER, 
	waited_ms INTEGER NOT NULL, 
	rule VARCHAR NOT NULL, 
	conditional BOOLEAN NOT NULL, 
	duration_ms INTEGER NOT NULL, 
	CONSTRAINT pk_request PRIMARY KEY (id)
);
CREATE TABLE rule (
	name TEXT NOT NULL, 
	file TEXT NOT NULL, 
	line INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	severity VARCHAR NOT NULL, 
	source TEXT NOT NULL, 
	source_hash VARCHAR NOT NULL, 
	labels JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	error TEXT, 
	loaded_at DATETIME, 
	CONSTRAINT pk_rule PRIMARY KEY (name)
);
CREATE TABLE silence (
	id CHAR(32) NOT NULL, 
	matchers JSON NOT NULL, 
	starts DATETIME NOT NULL, 
	ends DATETIME NOT NULL, 
	comment TEXT NOT NULL, 
	author TEXT NOT NULL, 
	CONSTRAINT pk_silence PRIMARY KEY (id)
);
CREATE TABLE span (
	id INTEGER NOT NULL, 
	mention_id CHAR(32) NOT NULL, 
	role VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	name TEXT, 
	country VARCHAR, 
	sector VARCHAR, 
	CONSTRAINT pk_span PRIMARY KEY (id), 
	CONSTRAINT fk_span_mention_id FOREIGN KEY(mention_id) REFERENCES mention (id), 
	CONSTRAINT uq_span_mention_id_role_ordinal UNIQUE (mention_id, role, ordinal)
);
INSERT INTO "span" VALUES(1,'01845c42ea0070008000000000000003','trigger',0,37,42,'fired',NULL,NULL,NULL);
INSERT INTO "span" VALUES(2,'01845c42ea0070008000000000000003','source',0,25,36,'North Korea','North Korea','PRK','GOV');
INSERT INTO "span" VALUES(3,'01845c42ea0070008000000000000003','target',0,105,126,'South Korean military','South Korea','KOR','MIL');
INSERT INTO "span" VALUES(4,'01845c42ea0070008000000000000003','object',0,45,62,'ballistic missile','missile',NULL,NULL);
INSERT INTO "span" VALUES(5,'01845c42ea0070008000000000000003','attribution',0,105,126,'South Korean military','South Korea','KOR',NULL);
INSERT INTO "span" VALUES(6,'01845c42ea0070008000000000000003','place',0,71,78,'the sea','Sea of Japan',NULL,NULL);
INSERT INTO "span" VALUES(7,'01845c42ea0070008000000000000003','when',0,79,91,'on Wednesday',NULL,NULL,NULL);
INSERT INTO "span" VALUES(8,'01845c42ea0070008000000000000003','claim.source',0,25,36,'North Korea',NULL,'PRK',NULL);
INSERT INTO "span" VALUES(9,'01845c42ea0070008000000000000003','claim.target',0,105,126,'South Korean military',NULL,'KOR',NULL);
INSERT INTO "span" VALUES(10,'01845c42ea0070008000000000000003','claim.object',0,55,62,'missile',NULL,NULL,NULL);
INSERT INTO "span" VALUES(11,'01845c42ea0070008000000000000003','claim.trigger',0,144,150,'launch',NULL,NULL,NULL);
CREATE TABLE state (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_state PRIMARY KEY ("key")
);
INSERT INTO "state" VALUES('sweep','2022-11-09T12:00:00+00:00');
CREATE TABLE subscriber (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR NOT NULL, 
	address TEXT NOT NULL, 
	secret TEXT, 
	old_secret TEXT, 
	old_secret_until DATETIME, 
	min_severity VARCHAR NOT NULL, 
	rules JSON NOT NULL, 
	labels JSON NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	removed_at DATETIME, 
	CONSTRAINT pk_subscriber PRIMARY KEY (id)
);
INSERT INTO "subscriber" VALUES('00000000000000000000000000002329','desk-1','webhook','https://desk.example/1','whsec_c2VjcmV0',NULL,NULL,'info','["korea-launch"]','{"desk": "korea"}',1,'2022-11-09 12:00:00.000000',NULL);
CREATE INDEX ix_alert_fired_at ON alert (fired_at, id);
CREATE INDEX ix_alert_rule_fired_at ON alert (rule, fired_at);
CREATE INDEX ix_article_known_at ON article (known_at, id);
CREATE INDEX ix_article_publisher ON article (publisher);
CREATE INDEX ix_article_unlinked ON article (known_at, id) WHERE linked_revision < extracted_revision;
CREATE INDEX ix_article_unread ON article (known_at, id) WHERE extracted_revision < revision;
CREATE INDEX ix_event_day ON event (when_start, first_known, id);
CREATE INDEX ix_event_first_known ON event (first_known);
CREATE INDEX ix_event_shelf ON event (shelf, shelf_day);
CREATE INDEX ix_event_type_day ON event (type, when_start);
CREATE INDEX ix_event_unmatched ON event (last_known, id) WHERE matched_revision < revision;
CREATE INDEX ix_silence_ends ON silence (ends);
CREATE UNIQUE INDEX uq_subscriber_name ON subscriber (name) WHERE removed_at IS NULL;
CREATE INDEX ix_alert_event_event_id ON alert_event (event_id);
CREATE INDEX ix_article_revision_known_at ON article_revision (known_at);
CREATE INDEX ix_carrier_article_id ON carrier (article_id);
CREATE INDEX ix_claim_about_event_id ON claim (about_event_id);
CREATE INDEX ix_claim_key ON claim ("key");
CREATE INDEX ix_claim_last_known ON claim (last_known, id);
CREATE INDEX ix_claim_type ON claim (type, last_known);
CREATE INDEX ix_delivery_created_at ON delivery (created_at, id);
CREATE INDEX ix_delivery_due ON delivery (state, next_attempt_at);
CREATE INDEX ix_delivery_subscriber_id ON delivery (subscriber_id, state);
CREATE INDEX ix_event_party_country ON event_party (country, event_id);
CREATE INDEX ix_event_party_key ON event_party ("key", event_id);
CREATE INDEX ix_event_party_open ON event_party (event_id) WHERE until_revision IS NULL;
CREATE INDEX ix_event_revision_day ON event_revision (when_start, first_known, event_id);
CREATE INDEX ix_event_revision_known_at ON event_revision (known_at);
CREATE INDEX ix_event_revision_type_day ON event_revision (type, when_start);
CREATE INDEX ix_fetch_at ON fetch (at);
CREATE INDEX ix_mention_event_id ON mention (event_id, active);
CREATE INDEX ix_attempt_at ON attempt (at);
CREATE INDEX ix_claim_party_key ON claim_party ("key", claim_id);
CREATE INDEX ix_claim_party_party ON claim_party (party, claim_id);
CREATE INDEX ix_claim_stance_event_id ON claim_stance (event_id);
CREATE INDEX ix_claim_stance_known_at ON claim_stance (known_at);
CREATE INDEX ix_claim_stance_party_country ON claim_stance (party_country, claim_id);
CREATE INDEX ix_claim_stance_party_key ON claim_stance (party_key, claim_id);
CREATE INDEX ix_feed_due ON feed (next_due_at, id) WHERE enabled = 1 AND muted_reason IS NULL;
CREATE INDEX ix_feed_lease ON feed (claimed_until) WHERE claimed_until IS NOT NULL;
CREATE INDEX ix_article_page_wanted ON article (page_due_at, id) WHERE page = 'wanted';
CREATE INDEX ix_request_host ON request (host, started);
CREATE INDEX ix_request_started ON request (started);
CREATE INDEX ix_article_same_as ON article (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX ix_article_page_canonical ON article_page (canonical) WHERE canonical IS NOT NULL;
CREATE VIRTUAL TABLE article_search USING fts5(
    title, text, content='article_revision', content_rowid='id',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER article_search_delete AFTER DELETE ON article_revision BEGIN
    INSERT INTO article_search (article_search, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER article_search_insert AFTER INSERT ON article_revision BEGIN
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER article_search_update AFTER UPDATE OF title, text ON article_revision BEGIN
    INSERT INTO article_search (article_search, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
INSERT INTO article_search (article_search) VALUES ('rebuild');
