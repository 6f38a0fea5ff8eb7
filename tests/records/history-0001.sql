BEGIN TRANSACTION;
CREATE TABLE glutecam_faults (
	set_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	rep INTEGER NOT NULL, 
	peak FLOAT, 
	half_width FLOAT, 
	CONSTRAINT pk_glutecam_faults PRIMARY KEY (set_id, place), 
	CONSTRAINT fk_glutecam_faults_glutecam_sets FOREIGN KEY(set_id) REFERENCES glutecam_sets (id) ON DELETE CASCADE
);
CREATE TABLE glutecam_findings (
	set_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	value FLOAT, 
	half_width FLOAT, 
	band VARCHAR(16) NOT NULL, 
	at INTEGER NOT NULL, 
	CONSTRAINT pk_glutecam_findings PRIMARY KEY (set_id, place, code), 
	CONSTRAINT fk_glutecam_findings_glutecam_reps FOREIGN KEY(set_id, place) REFERENCES glutecam_reps (set_id, place) ON DELETE CASCADE
);
INSERT INTO "glutecam_findings" VALUES(1,0,'GC201',3.0,4.0,'ok',120);
INSERT INTO "glutecam_findings" VALUES(1,0,'GC204',4.0,0.1,'ok',135);
INSERT INTO "glutecam_findings" VALUES(1,1,'GC201',3.0,4.0,'ok',210);
INSERT INTO "glutecam_findings" VALUES(1,1,'GC204',4.0,0.1,'ok',225);
INSERT INTO "glutecam_findings" VALUES(1,2,'GC201',3.0,4.0,'ok',300);
INSERT INTO "glutecam_findings" VALUES(1,2,'GC204',4.0,0.1,'ok',315);
INSERT INTO "glutecam_findings" VALUES(1,3,'GC201',3.0,4.0,'ok',390);
INSERT INTO "glutecam_findings" VALUES(1,3,'GC204',4.0,0.1,'ok',405);
INSERT INTO "glutecam_findings" VALUES(1,4,'GC201',3.0,4.0,'ok',480);
INSERT INTO "glutecam_findings" VALUES(1,4,'GC204',4.0,0.1,'ok',495);
INSERT INTO "glutecam_findings" VALUES(1,5,'GC201',3.0,4.0,'ok',570);
INSERT INTO "glutecam_findings" VALUES(1,5,'GC204',4.0,0.1,'ok',585);
INSERT INTO "glutecam_findings" VALUES(1,6,'GC201',3.0,4.0,'ok',660);
INSERT INTO "glutecam_findings" VALUES(1,6,'GC204',4.0,0.1,'ok',675);
INSERT INTO "glutecam_findings" VALUES(1,7,'GC201',3.0,4.0,'ok',750);
INSERT INTO "glutecam_findings" VALUES(1,7,'GC204',4.0,0.1,'ok',765);
INSERT INTO "glutecam_findings" VALUES(1,8,'GC201',3.0,4.0,'ok',840);
INSERT INTO "glutecam_findings" VALUES(1,8,'GC204',4.0,0.1,'ok',855);
INSERT INTO "glutecam_findings" VALUES(1,9,'GC201',3.0,4.0,'ok',930);
INSERT INTO "glutecam_findings" VALUES(1,9,'GC204',4.0,0.1,'ok',945);
INSERT INTO "glutecam_findings" VALUES(1,10,'GC201',3.0,4.0,'ok',1020);
INSERT INTO "glutecam_findings" VALUES(1,10,'GC204',4.0,0.1,'ok',1035);
INSERT INTO "glutecam_findings" VALUES(1,11,'GC201',3.0,4.0,'ok',1110);
INSERT INTO "glutecam_findings" VALUES(1,11,'GC204',4.0,0.1,'ok',1125);
INSERT INTO "glutecam_findings" VALUES(1,12,'GC201',3.0,4.0,'ok',1200);
INSERT INTO "glutecam_findings" VALUES(1,12,'GC204',4.0,0.1,'ok',1215);
INSERT INTO "glutecam_findings" VALUES(1,13,'GC201',3.0,4.0,'ok',1290);
INSERT INTO "glutecam_findings" VALUES(1,13,'GC204',4.0,0.1,'ok',1305);
INSERT INTO "glutecam_findings" VALUES(1,14,'GC201',3.0,4.0,'ok',1380);
INSERT INTO "glutecam_findings" VALUES(1,14,'GC204',4.0,0.1,'ok',1395);
CREATE TABLE glutecam_reps (
	set_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	side VARCHAR(5) NOT NULL, 
	band VARCHAR(16), 
	pattern VARCHAR(16) NOT NULL, 
	score FLOAT, 
	reason TEXT, 
	CONSTRAINT pk_glutecam_reps PRIMARY KEY (set_id, place), 
	CONSTRAINT fk_glutecam_reps_glutecam_sets FOREIGN KEY(set_id) REFERENCES glutecam_sets (id) ON DELETE CASCADE
);
INSERT INTO "glutecam_reps" VALUES(1,0,1,90,180,3.0,6.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,1,2,180,270,6.0,9.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,2,3,270,360,9.0,12.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,3,4,360,450,12.0,15.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,4,5,450,540,15.0,18.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,5,6,540,630,18.0,21.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,6,7,630,720,21.0,24.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,7,8,720,810,24.0,27.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,8,9,810,900,27.0,30.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,9,10,900,990,30.0,33.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,10,11,990,1080,33.0,36.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,11,12,1080,1170,36.0,39.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,12,13,1170,1260,39.0,42.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,13,14,1260,1350,42.0,45.0,'right','ok','none',90.0,NULL);
INSERT INTO "glutecam_reps" VALUES(1,14,15,1350,1440,45.0,48.0,'right','ok','none',90.0,NULL);
CREATE TABLE glutecam_rules (
	set_id INTEGER NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	unit VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_glutecam_rules PRIMARY KEY (set_id, code), 
	CONSTRAINT fk_glutecam_rules_glutecam_sets FOREIGN KEY(set_id) REFERENCES glutecam_sets (id) ON DELETE CASCADE
);
INSERT INTO "glutecam_rules" VALUES(1,'GC201',0,'pelvis rolls back','°');
INSERT INTO "glutecam_rules" VALUES(1,'GC204',1,'tempo','s');
CREATE TABLE glutecam_sets (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" VARCHAR(64) NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	done_utc DATETIME NOT NULL, 
	offset_min INTEGER NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	exercise VARCHAR(64) NOT NULL, 
	sides VARCHAR(16) NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	instruction TEXT, 
	score FLOAT, 
	coverage FLOAT, 
	pain_before INTEGER, 
	pain_after INTEGER, 
	load_kg FLOAT, 
	load_band VARCHAR(64) NOT NULL, 
	note TEXT NOT NULL, 
	glutecam VARCHAR(32) NOT NULL, 
	ruleset VARCHAR(32) NOT NULL, 
	pose_model TEXT NOT NULL, 
	reduced_accuracy BOOLEAN NOT NULL, 
	pelvis_method TEXT NOT NULL, 
	filter_name TEXT NOT NULL, 
	filter_gain FLOAT, 
	filter_lag_s FLOAT, 
	strict BOOLEAN NOT NULL, 
	CONSTRAINT uq_glutecam_sets_key UNIQUE ("key")
);
INSERT INTO "glutecam_sets" VALUES(1,'kept-by-schema-1','me','2026-03-02 16:00:00.000000',120,'live','clamshell','right','fine',NULL,90.0,0.97,0,0,NULL,'','','0.1.0','1','full',0,'hip-line/1','one-euro',0.98,0.05,0);
CREATE TABLE glutecam_steps (
	id INTEGER NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	at_utc DATETIME NOT NULL, 
	offset_min INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	rung VARCHAR(16) NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_glutecam_steps PRIMARY KEY (id)
);
INSERT INTO "glutecam_steps" VALUES(1,'me','2026-03-02 16:00:00.000000',120,'start','1','from schema 1');
CREATE TABLE glutecam_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_glutecam_version PRIMARY KEY (version_num)
);
INSERT INTO "glutecam_version" VALUES('0001');
CREATE INDEX ix_glutecam_sets_subject ON glutecam_sets (subject, done_utc);
CREATE INDEX ix_glutecam_steps_subject ON glutecam_steps (subject);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('glutecam_sets',1);
COMMIT;
