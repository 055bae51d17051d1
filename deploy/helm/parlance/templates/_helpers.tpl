{{- define "parlance.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "parlance.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "parlance.selector" -}}
app.kubernetes.io/name: parlance
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "parlance.labels" -}}
{{ include "parlance.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "parlance.secretName" -}}
{{ .Values.existingSecret | default (include "parlance.name" .) }}
{{- end }}

{{- define "parlance.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  # The user "node" of the image, and its group, which owns what is mounted.
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "parlance.container" -}}
image: {{ include "parlance.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- /* Files are kept in S3, or on a volume that all pods share. */ -}}
{{- define "parlance.dataVolume" -}}
- name: data
{{- if .Values.settings.S3_BUCKET }}
  emptyDir: { sizeLimit: 2Gi }
{{- else }}
  persistentVolumeClaim:
    claimName: {{ .Values.files.existingClaim | default (printf "%s-files" (include "parlance.name" .)) }}
{{- end }}
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
{{- end }}

{{- /* Both deployments: what differs comes as .role and .part. */ -}}
{{- define "parlance.podSpec" -}}
{{- $root := .root -}}
{{ include "parlance.podSecurity" $root }}
terminationGracePeriodSeconds: {{ $root.Values.shutdown.graceSeconds }}
containers:
  - name: {{ .role }}
    {{- include "parlance.container" $root | nindent 4 }}
    env:
      - { name: ROLE, value: {{ .role }} }
      - { name: MIGRATE, value: 'off' }
      {{- if $root.Values.metrics.enabled }}
      - { name: METRICS_PORT, value: {{ $root.Values.metrics.port | quote }} }
      {{- end }}
      - { name: SHUTDOWN_DELAY, value: {{ $root.Values.shutdown.delaySeconds | quote }} }
    envFrom:
      - configMapRef: { name: {{ include "parlance.name" $root }} }
      - secretRef: { name: {{ include "parlance.secretName" $root }} }
    ports:
      - { name: http, containerPort: 3000 }
      {{- if $root.Values.metrics.enabled }}
      - { name: metrics, containerPort: {{ $root.Values.metrics.port }} }
      {{- end }}
      {{- if and (eq .role "web") (ne (toString ($root.Values.settings.SMTP_PORT | default 0)) "0") }}
      - { name: smtp, containerPort: {{ $root.Values.settings.SMTP_PORT | int }} }
      {{- end }}
    # The process is up a second after its start, and restarted where it does not come up within a minute.
    startupProbe:
      httpGet: { path: /health/live, port: http }
      periodSeconds: 2
      timeoutSeconds: 2
      failureThreshold: 30
    # Asks no database: a process is restarted for what a restart mends.
    livenessProbe:
      httpGet: { path: /health/live, port: http }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    # Three failures, so that a database that changes its primary for some seconds takes no pod out.
    readinessProbe:
      httpGet: { path: /health/ready, port: http }
      periodSeconds: 5
      timeoutSeconds: 5
      failureThreshold: 3
    resources: {{ toYaml .part.resources | nindent 6 }}
    volumeMounts:
      - { name: data, mountPath: /data }
      - { name: tmp, mountPath: /tmp }
volumes: {{ include "parlance.dataVolume" $root | nindent 2 }}
topologySpreadConstraints:
  {{- range tuple "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "parlance.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $.role }}
  {{- end }}
{{- with .part.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .part.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .part.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- /* A pod is another where what it read at its start is another. */ -}}
{{- define "parlance.podMetadata" -}}
annotations:
  checksum/settings: {{ toJson .root.Values.settings | sha256sum }}
  checksum/secrets: {{ toJson .root.Values.secrets | sha256sum }}
  {{- with .part.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
labels:
  {{- include "parlance.labels" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .role }}
{{- end }}
